"""Invented people for the printer's tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ekyc.registry.person import Card, CardKind, Person
from ekyc.specimen.samples import sample_citizens

ISSUED: dict[CardKind, date] = {
    "cccd_barcode": date(2019, 5, 10),
    "cccd_chip": date(2021, 5, 10),
    "can_cuoc": date(2024, 8, 10),
}


def dao(kind: CardKind) -> Person:
    """A woman whose values have ordinary lengths."""
    return Person(
        number="019304000127",
        full_name="Nguyễn Thị Mai Đào",
        date_of_birth=date(2004, 3, 15),
        sex="female",
        nationality="Việt Nam",
        place_of_origin="Đồng Hỷ, Thái Nguyên",
        place_of_birth="Đồng Hỷ, Thái Nguyên",
        place_of_residence="Tổ 5, Phan Đình Phùng, Thành phố Thái Nguyên, Thái Nguyên",
        card=Card(kind, ISSUED[kind], date(2029, 3, 15), "valid"),
        portrait=sample_citizens()[3].portrait(),
    )


def long_winded(kind: CardKind) -> Person:
    """A man with the longest values to be expected, tall capitals, and no expiry."""
    place = "Xóm Đồng Xuân Thượng, Thị trấn Nông Trường Phong Hải, Huyện Bảo Thắng, Tỉnh Lào Cai"
    return replace(
        dao(kind),
        number="001065000018",
        full_name="Nguyễn Phương Hoàng Thảo Nguyên Anh Khuê Ễ",
        date_of_birth=date(1965, 6, 17),
        sex="male",
        place_of_origin="Thị trấn Nông Trường Phong Hải, Huyện Bảo Thắng, Tỉnh Lào Cai",
        place_of_birth=place,
        place_of_residence=place,
        card=Card(kind, ISSUED[kind], None, "valid"),
    )
