"""The QR's text: what is taken from it, and that nothing in it can do harm."""

from __future__ import annotations

import numpy as np
import segno
from hypothesis import given
from hypothesis import strategies as st

from ekyc.document.qr import MAX_PAYLOAD, parse_payload
from ekyc.document.qr_find import find_qr
from tests.unit.ekyc.document.conftest import Photo

CHIP = (
    "019304000127||Nguyễn Thị Mai Đào|15032004|Nữ|"
    "Tổ 5, Phan Đình Phùng, Thành phố Thái Nguyên, Thái Nguyên|10052021"
)


def test_the_seven_fields() -> None:
    payload = parse_payload(CHIP)
    assert payload is not None
    assert {name: field.value for name, field in payload.fields().items()} == {
        "number": "019304000127",
        "full_name": "Nguyễn Thị Mai Đào",
        "date_of_birth": "2004-03-15",
        "sex": "female",
        "place_of_residence": "Tổ 5, Phan Đình Phùng, Thành phố Thái Nguyên, Thái Nguyên",
        "date_of_issue": "2021-05-10",
    }
    assert payload.old_number is None


def test_extra_fields_are_told_apart_by_their_shape() -> None:
    head = "019210000123||Lê An|01022015|Nam|Xóm 7|01082025"
    payload = parse_payload(f"{head}|019110000999|090123456|Lê Văn Ba|Ma Thị Tư|")
    assert payload is not None
    assert payload.cancelled_number == "019110000999"
    assert payload.old_number == "090123456"
    assert payload.parents == ("Lê Văn Ba", "Ma Thị Tư")
    assert parse_payload(f"{head}||||") is not None
    assert parse_payload(f"{head}|||||") is not None
    assert parse_payload(f"{head}||||||") is None  # thirteen fields


def test_other_codes_are_not_cards() -> None:
    for text in (
        "",
        "https://example.vn",
        "GD4797921|4e677579|15/03/2004|1",
        CHIP[:-9],
        "1" * 12,
        "A" + CHIP,
    ):
        assert parse_payload(text) is None
    assert parse_payload(CHIP + "x" * MAX_PAYLOAD) is None


def test_text_is_cleaned() -> None:
    name = "Nguye\u0302\u0303n\u200b \u00d0a\u0300o\u202e"
    payload = parse_payload(f"\ufeff019304000127||{name}|31022004|nu|A\x00B   C|00000000\r\n")
    assert payload is not None
    assert payload.full_name == "Nguyễn Đào"
    assert payload.place_of_residence == "AB C"
    assert (payload.date_of_birth, payload.sex, payload.date_of_issue) == (None, None, None)


@given(st.text(max_size=400))
def test_any_text_is_refused_or_clean(text: str) -> None:
    payload = parse_payload("019304000127||" + text)
    if payload is not None:
        assert len(payload.number) == 12
        assert payload.full_name.isprintable()
        assert 0 < len(payload.full_name) <= 100
        assert all(field.value and field.value.isprintable() for field in payload.fields().values())


@given(
    st.lists(
        st.text(st.characters(exclude_characters="|", categories=("L", "N", "Zs")), max_size=40), max_size=14
    )
)
def test_the_count_of_fields_is_bounded(parts: list[str]) -> None:
    payload = parse_payload("|".join(["019304000127", "", "Lê An", *parts]))
    assert (payload is not None) == (7 <= 3 + len(parts) <= 12)


def test_a_code_is_found_with_its_corners() -> None:
    rows = segno.make(CHIP, error="m", encoding="utf-8", micro=False).matrix
    code = np.kron(np.array([[0 if cell else 255 for cell in row] for row in rows]), np.ones((5, 5)))
    sheet = np.full((700, 900), 255, np.uint8)
    side = code.shape[0]
    sheet[100 : 100 + side, 500 : 500 + side] = code
    found = find_qr(sheet)
    assert found is not None
    assert found.payload.number == "019304000127"
    assert np.abs(found.corners[0] - (500, 100)).max() < 8
    turned = find_qr(np.ascontiguousarray(sheet[::-1, ::-1]))
    assert turned is not None
    assert turned.corners[1, 0] < turned.corners[0, 0]


def test_no_code_is_none(photo: Photo) -> None:
    assert find_qr(np.full((400, 600), 200, np.uint8), thorough=True) is None
