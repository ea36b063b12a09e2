"""Structure of the personal number."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ekyc.errors import EkycError
from ekyc.registry.number import PersonalNumber
from ekyc.registry.person import Sex
from ekyc.registry.places import PROVINCE_NAMES
from ekyc.registry.provinces import PROVINCES

SEXES: st.SearchStrategy[Sex] = st.sampled_from(["male", "female"])


@given(st.sampled_from(sorted(PROVINCES)), SEXES, st.integers(1900, 2399), st.integers(0, 999_999))
def test_composed_numbers_parse_back(province: str, sex: Sex, year: int, serial: int) -> None:
    number = PersonalNumber.parse(PersonalNumber.compose(province, sex, year, serial).text)
    assert (number.province, number.sex, number.birth_year) == (province, sex, year)
    assert int(number.text[6:]) == serial
    assert number.province_name == PROVINCES[province]


# the table of Nghị định 137/2015, Article 13
@pytest.mark.parametrize(
    ("digit", "sex", "century"),
    [(0, "male", 1900), (1, "female", 1900), (2, "male", 2000), (3, "female", 2000), (4, "male", 2100),
     (5, "female", 2100), (6, "male", 2200), (7, "female", 2200), (8, "male", 2300), (9, "female", 2300)],
)  # fmt: skip
def test_century_and_sex_digit(digit: int, sex: str, century: int) -> None:
    number = PersonalNumber.parse(f"019{digit}04000127")
    assert (number.sex, number.birth_year) == (sex, century + 4)


@given(st.one_of(st.text(max_size=20), st.text("0123456789 ", min_size=10, max_size=16)))
def test_any_text_is_either_a_number_or_refused(text: str) -> None:
    try:
        number = PersonalNumber.parse(text)
    except EkycError as refused:
        error = refused
    else:
        assert len(number.text) == 12
        assert number.text == text.replace(" ", "").strip()
        return
    assert (error.code, error.detail) == ("number_invalid", "not 12 digits")


@pytest.mark.parametrize(
    "text",
    ["", "019", "01930400012", "0193040001277", "01930400012A", "０１９３０４０００１２７", "019-304-000127"],
)
def test_refused(text: str) -> None:
    with pytest.raises(EkycError) as caught:
        PersonalNumber.parse(text)
    assert caught.value.code == "number_invalid"


def test_spaces_are_forgiven() -> None:
    assert PersonalNumber.parse(" 019 304 000 127\n").text == "019304000127"


def test_agreement_with_the_print() -> None:
    number = PersonalNumber.parse("019304000127")
    assert number.year_agrees(date(2004, 3, 15))
    assert not number.year_agrees(date(1904, 3, 15))
    assert number.sex_agrees("female")
    assert not number.sex_agrees("male")


def test_a_code_outside_the_list_is_no_refusal() -> None:
    number = PersonalNumber.parse("999304000127")
    assert not number.province_known
    assert number.province_name is None


@pytest.mark.parametrize(
    ("province", "year", "serial"),
    [("19", 2000, 1), ("019", 1899, 1), ("019", 2400, 1), ("019", 2000, 1_000_000)],
)
def test_composing_outside_the_structure(province: str, year: int, serial: int) -> None:
    with pytest.raises(ValueError, match="structure"):
        PersonalNumber.compose(province, "male", year, serial)


def test_drawing_follows_the_generator() -> None:
    drawn = [PersonalNumber.draw(random.Random(3), "019", "female", 1990) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert str(drawn[0]).startswith("019190")


def test_province_list() -> None:
    assert len(PROVINCES) == 63
    assert len(set(PROVINCES.values())) == 63
    assert {code: PROVINCES[code] for code in PROVINCE_NAMES} == PROVINCE_NAMES
