"""Fusion and cross-checks, on readings made by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from ekyc.document.checks import agreement, expiry_rule, issue_date_fits_type, not_expired, number_checks
from ekyc.document.fuse import fuse
from ekyc.document.lines import Box
from ekyc.document.page import Page, TextLine, make_page, search
from ekyc.document.places import correct_address
from ekyc.errors import EkycError
from ekyc.reader.recogniser import Line
from ekyc.types import DocumentType, Field, Side, SideReading

NONE = Field(None, "none", 0.0)


def field(value: str | None, confidence: float = 0.99) -> Field:
    return Field(value, "print", confidence)


def reading(side: Side, **sources: dict[str, Field]) -> SideReading:
    return SideReading(side, DocumentType.CCCD_CHIP, sources)


def test_sources_that_agree_are_joined_and_raise_confidence() -> None:
    front = reading(
        "front", print={"number": field("019304000127", 0.8)}, qr={"number": field("019304000127", 0.9)}
    )
    back = reading("back", mrz={"number": field("019304000127", 0.9)})
    fused = fuse(front, back).fields["number"]
    assert fused.source == "qr+mrz+print"
    assert 0.95 < fused.confidence < 1
    without = fuse(front, back, use_qr=False).fields["number"]
    assert without.source == "mrz+print"


def test_a_name_keeps_its_marks_and_the_zone_vouches_for_letters() -> None:
    front = reading("front", print={"full_name": field("ĐÀO THỊ Ổn", 0.7)})
    back = reading("back", mrz={"full_name": field("DAO THI ON")})
    fused = fuse(front, back).fields["full_name"]
    assert (fused.value, fused.source) == ("ĐÀO THỊ ỔN", "mrz+print")


def test_a_field_is_confirmed_by_two_sure_sources_and_by_nothing_less() -> None:
    number, other = "019304000127", "019304000135"

    def confirmed(**sources: Field) -> bool:
        return (
            fuse(reading("front", **{s: {"number": f} for s, f in sources.items()}), None)
            .fields["number"]
            .confirmed
        )

    assert confirmed(qr=field(number), print=field(number, 0.6))
    assert not confirmed(qr=field(number))
    assert not confirmed(qr=field(number), print=field(number, 0.3))
    assert not confirmed(qr=field(number), print=field(other))
    assert not confirmed(qr=field(number), mrz=field(number), print=field(other))
    assert confirmed(qr=field(number), mrz=field(number), print=field(other, 0.2))


def test_the_marks_of_a_name_are_confirmed_by_qr_and_print_only() -> None:
    zone = reading("back", mrz={"full_name": field("DAO THI ON")})
    printed = {"full_name": field("ĐÀO THỊ ỒN")}
    assert not fuse(reading("front", print=printed), zone).fields["full_name"].confirmed
    same = {"full_name": field("Đào Thị Ồn")}
    assert fuse(reading("front", print=printed, qr=same), zone).fields["full_name"].confirmed
    differs = {"full_name": field("Đào Thị Ổn")}
    assert not fuse(reading("front", print=printed, qr=differs), zone).fields["full_name"].confirmed


def test_no_expiry_is_a_reading_and_unread_is_not() -> None:
    back = reading("back", mrz={"date_of_expiry": Field(None, "mrz", 0.9, "991231")})
    assert fuse(reading("front", print={}), back).fields["date_of_expiry"].source == "mrz"
    assert fuse(reading("front", print={}), None).fields["date_of_expiry"] == NONE


def test_two_numbers_are_two_cards_only_when_both_are_sure() -> None:
    front = reading("front", print={"number": field("019304000127")})
    with pytest.raises(EkycError) as caught:
        fuse(front, reading("back", mrz={"number": field("019304000135")}))
    assert caught.value.code == "card_sides_differ"
    doubtful = reading("back", mrz={"number": field("019304000135", 0.4)})
    assert {c.name: c.outcome for c in fuse(front, doubtful).checks}["sides_belong_together"] == "unavailable"


@pytest.mark.parametrize(
    ("name", "one", "other", "outcome"),
    [
        ("number", field("019304000127"), field("019304000127"), "pass"),
        ("number", field("019304000127"), field("019304000128"), "fail"),
        ("number", field("019304000127"), field("019304000128", 0.5), "unavailable"),
        ("date_of_expiry", field(None), field("2029-03-15"), "fail"),
        ("full_name", field("NGUYEN THI MAI DAO"), field("Nguyễn Thị Mai Đào"), "pass"),
        ("full_name", field("NGUYEN THI MAI DAO"), field("Nguyễn Thị Mai Đảo"), "pass"),
        ("full_name", field("NGUYEN THI MAI DAO"), field("Nguyễn Thị Hoa"), "fail"),
    ],
)
def test_agreement_of_two_sources(name: str, one: Field, other: Field, outcome: str) -> None:
    assert agreement(name, {"mrz": {name: one}, "print": {name: other}}).outcome == outcome


def test_one_source_confirms_nothing() -> None:
    assert agreement("sex", {"print": {"sex": field("male")}}).outcome == "unavailable"


@pytest.mark.parametrize(
    ("number", "birth", "sex", "failing"),
    [
        ("019304000127", "2004-03-15", "female", set()),
        ("019304000127", "2005-03-15", "female", {"number_birth_year"}),
        ("019304000127", "2004-03-15", "male", {"number_sex"}),
        ("01930400012", "2004-03-15", "female", {"number_structure"}),
        ("999304000127", "2004-03-15", "female", set()),  # born abroad: a warning at most
    ],
)
def test_structure_of_the_number(number: str, birth: str, sex: str, failing: set[str]) -> None:
    fields = {"number": field(number), "date_of_birth": field(birth), "sex": field(sex)}
    assert {c.name for c in number_checks(fields) if c.outcome == "fail"} == failing


@pytest.mark.parametrize(
    ("birth", "issue", "expiry", "outcome"),
    [
        ("2004-03-15", "2021-05-10", "2029-03-15", "pass"),
        ("2004-03-15", "2021-05-10", "2030-03-15", "fail"),
        ("1965-06-17", "2025-02-03", None, "pass"),
        ("1965-06-17", "2025-02-03", "2035-06-17", "fail"),
        ("2012-05-01", "2025-02-03", "2037-05-01", "pass"),  # within two years before 14
        ("2004-02-29", "2021-05-10", "2029-02-28", "pass"),
    ],
)
def test_expiry_follows_the_law(birth: str, issue: str, expiry: str | None, outcome: str) -> None:
    fields = {"date_of_birth": field(birth), "date_of_issue": field(issue), "date_of_expiry": field(expiry)}
    assert expiry_rule(fields).outcome == outcome


def test_expiry_and_type_by_date() -> None:
    assert not_expired({"date_of_expiry": field("2026-01-01")}, date(2026, 1, 1)).outcome == "pass"
    assert not_expired({"date_of_expiry": field("2026-01-01")}, date(2026, 1, 2)).outcome == "fail"
    assert not_expired({"date_of_expiry": NONE}, date(2026, 1, 2)).outcome == "unavailable"
    late_chip = {"date_of_issue": field("2024-07-01"), "document_type": field("cccd_chip")}
    assert issue_date_fits_type(late_chip).outcome == "fail"
    assert issue_date_fits_type({**late_chip, "document_type": field("can_cuoc")}).outcome == "pass"


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        (
            "Tổ 4, Đồng Tiến, Thành phố Phố Yên, Thái Nguyên",
            "Tổ 4, Đồng Tiến, Thành phố Phổ Yên, Thái Nguyên",
        ),
        ("Gia Sàng, Thành phố Thái Nguyên, Thá Nguyên", "Gia Sàng, Thành phố Thái Nguyên, Thái Nguyên"),
        ("T6 24, Kha Sơn, Phú Bình, Thái Nguyên", "Tổ 24, Kha Sơn, Phú Bình, Thái Nguyên"),
        ("Xóm Lạ Tên, Kha Sơn, Phú Bình, Thái Nguyên", "Xóm Lạ Tên, Kha Sơn, Phú Bình, Thái Nguyên"),
        ("Phù Lỗ, Sóc Sơn, Hà Nội", "Phù Lỗ, Sóc Sơn, Hà Nội"),
    ],
)
def test_place_names_are_put_right(read: str, meant: str) -> None:
    assert correct_address(read) == meant


def page(*texts: str) -> Page:
    lines = [
        TextLine(Box(0, 40 * i, 10 * len(t), 40 * i + 30), Line(t, 1.0, (1.0,) * len(t)))
        for i, t in enumerate(texts)
    ]
    return make_page(np.zeros((1000, 1586), np.uint8), tuple(lines))


def test_labels_are_found_through_misreadings() -> None:
    text = page("Hạ và ten / Ful namc: LÊ AN", "Ngày sinh / Date of birth: 01/02/2003")
    (hit,) = search(text, "Họ và tên / Full name", 0.3)[:1]
    assert (hit.line, hit.start) == (0, 0)
    assert text.lines[0].line.text[hit.end :] == ": LÊ AN"
    assert search(text, "Ngày sinh / Date of birth", 0.1)[0].cost == 0
    assert search(text, "Nơi thường trú / Place of residence", 0.3) == []


def test_a_label_never_runs_over_two_lines() -> None:
    assert search(page("Ngày sinh / Da", "te of birth"), "Ngày sinh / Date of birth", 0.1) == []
