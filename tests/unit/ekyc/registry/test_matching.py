"""Comparison of given values with the record."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ekyc.registry.matching import MATCH_FIELDS, fold_name, match_fields, unaccent
from ekyc.registry.person import Person
from ekyc.registry.seed import make_person


@pytest.fixture(scope="module")
def person() -> Person:
    return make_person(
        random.Random(1),
        full_name="Đặng Hữu Thọ",
        sex="male",
        date_of_birth=date(1990, 5, 19),
        date_of_issue=date(2022, 3, 16),
    )


@pytest.mark.parametrize(
    ("field", "value", "same"),
    [
        ("full_name", "Đặng Hữu Thọ", True),
        ("full_name", "ĐẶNG HỮU THỌ", True),
        ("full_name", "  đặng  hữu\u00a0thọ ", True),
        ("full_name", unicodedata.normalize("NFD", "Đặng Hữu Thọ"), True),
        ("full_name", "\u00d0ặng Hữu Thọ", True),  # eth
        ("full_name", "\u0189ặng Hữu Thọ", True),  # African d
        ("full_name", "\u00f0ặng hữu thọ", True),
        ("full_name", "Dang Huu Tho", False),
        ("full_name", "Đặng Hữu Thơ", False),
        ("full_name", "", False),
        ("full_name_unaccented", "DANG HUU THO", True),
        ("full_name_unaccented", "Đặng Hữu Thọ", True),
        ("full_name_unaccented", "DANG HUU", False),
        ("date_of_birth", "1990-05-19", True),
        ("date_of_birth", "19/05/1990", False),
        ("date_of_birth", "1990-05-20", False),
        ("sex", "male", True),
        ("sex", "Nam", False),
        ("date_of_issue", "2022-03-16", True),
        ("date_of_expiry", "2030-05-19", True),
        ("date_of_expiry", "", False),
    ],
)
def test_one_field(person: Person, field: str, value: str, same: bool) -> None:
    assert match_fields(person, {field: value}) == {field: same}


def test_no_expiry_is_the_empty_text(person: Person) -> None:
    endless = replace(person, card=replace(person.card, date_of_expiry=None))
    assert match_fields(endless, {"date_of_expiry": ""}) == {"date_of_expiry": True}
    assert match_fields(endless, {"date_of_expiry": "2030-05-19"}) == {"date_of_expiry": False}


def test_only_what_was_asked_is_answered(person: Person) -> None:
    assert match_fields(person, {}) == {}
    with pytest.raises(ValueError, match="can be matched"):
        match_fields(person, {"place_of_residence": "x"})


@given(st.dictionaries(st.sampled_from(MATCH_FIELDS), st.text(max_size=40)))
def test_an_answer_is_yes_or_no_and_nothing_else(person: Person, given_values: dict[str, str]) -> None:
    answer = match_fields(person, given_values)
    assert answer.keys() == given_values.keys()
    assert all(value is True or value is False for value in answer.values())


@given(st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyĐÐƉðẶỆ \u00a0\u0300\u0301\u0303\u0309\u0323", max_size=40))
def test_folding_is_stable(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)
    assert unaccent(unaccent(text)) == unaccent(text)
