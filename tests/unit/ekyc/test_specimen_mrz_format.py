from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ekyc.document.mrz_format import check_digit, mrz_name, td1, unaccent
from ekyc.registry.person import Card, Person, Sex


def person(number: str, name: str, birth: date, sex: Sex, expiry: date | None) -> Person:
    card = Card("cccd_chip", date(2021, 5, 10), expiry, "valid")
    return Person(number, name, birth, sex, "Việt Nam", "Thái Nguyên", "Thái Nguyên", "Thái Nguyên", card)


def test_td1_of_a_woman_with_an_expiry_date() -> None:
    dao = person("019304000127", "NGUYỄN THỊ MAI ĐÀO", date(2004, 3, 15), "female", date(2029, 3, 15))
    assert td1(dao) == (
        "IDVNM3040001275019304000127<<7",
        "0403151F2903150VNM<<<<<<<<<<<6",
        "NGUYEN<<THI<MAI<DAO<<<<<<<<<<<",
    )


def test_td1_of_a_man_without_expiry() -> None:
    duc = person("001065000018", "TRẦN VĂN ĐỨC", date(1965, 6, 17), "male", None)
    assert td1(duc) == (
        "IDVNM0650000184001065000018<<5",
        "6506179M9912315VNM<<<<<<<<<<<6",
        "TRAN<<VAN<DUC<<<<<<<<<<<<<<<<<",
    )


def test_a_long_name_is_cut_at_thirty_characters() -> None:
    long = person(
        "019304000127", "Nguyễn Phương Hoàng Thảo Nguyên Anh Khuê", date(2004, 3, 15), "female", None
    )
    lines = td1(long)
    assert [len(line) for line in lines] == [30, 30, 30]
    assert lines[2] == "NGUYEN<<PHUONG<HOANG<THAO<NGUY"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Nguyễn Thị Mai Đào", "NGUYEN THI MAI DAO"),
        ("H'Hen Niê", "HHEN NIE"),
        ("Y-Bĭh Ŏng Čư", "YBIH ONG CU"),
        ("Ðặng  Thọ", "DANG THO"),  # U+00D0 in place of Đ
        ("Đặng Thọ", "DANG THO"),
        (unicodedata.normalize("NFD", "Nguyễn"), "NGUYEN"),
    ],
)
def test_unaccent(name: str, plain: str) -> None:
    assert unaccent(name) == plain


def test_a_single_word_has_no_secondary_identifier() -> None:
    assert mrz_name("Sùng") == "SUNG"


def test_check_digit_refuses_foreign_characters() -> None:
    with pytest.raises(ValueError, match="machine readable"):
        check_digit("12a")


@given(st.text(alphabet="0123456789", min_size=1, max_size=25), st.data())
def test_check_digit_sees_every_single_wrong_digit(digits: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([c for c in "0123456789" if c != digits[at]]))
    assert check_digit(digits[:at] + other + digits[at + 1 :]) != check_digit(digits)
