"""The date of expiry that the law gives a card."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ekyc.registry.expiry import LAW_2023_IN_FORCE, add_years, age_on, expected_expiry


@pytest.mark.parametrize(
    ("dob", "issue", "expiry"),
    [
        # law of 2014: 25, 40, 60
        (date(2004, 3, 15), date(2021, 5, 10), date(2029, 3, 15)),
        (date(1998, 3, 1), date(2021, 2, 28), date(2023, 3, 1)),
        (date(1998, 3, 1), date(2021, 3, 1), date(2038, 3, 1)),  # within two years of 25: good to 40
        (date(1965, 6, 17), date(2023, 6, 17), None),  # within two years of 60
        (date(1956, 1, 1), date(2021, 3, 1), None),
        # law of 2023: also 14
        (date(2015, 8, 1), date(2024, 8, 20), date(2029, 8, 1)),
        (date(2012, 8, 1), date(2024, 7, 31), date(2026, 8, 1)),
        (date(2012, 8, 1), date(2024, 8, 1), date(2037, 8, 1)),
        (date(2012, 8, 1), date(2024, 6, 30), date(2037, 8, 1)),
        # 29 February
        (date(2004, 2, 29), date(2022, 1, 1), date(2029, 3, 1)),
    ],
)
def test_expected_expiry(dob: date, issue: date, expiry: date | None) -> None:
    assert expected_expiry(dob, issue) == expiry


@given(st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.integers(0, 40_000))
def test_expiry_is_a_renewal_birthday_at_least_two_years_ahead(dob: date, days: int) -> None:
    issue = dob + timedelta(days=days)
    ages = (14, 25, 40, 60) if issue >= LAW_2023_IN_FORCE else (25, 40, 60)
    expiry = expected_expiry(dob, issue)
    if expiry is None:
        assert issue >= add_years(add_years(dob, 60), -2)
    else:
        assert expiry in [add_years(dob, age) for age in ages]
        assert issue < add_years(expiry, -2)


@pytest.mark.parametrize(
    ("day", "age"), [(date(2026, 11, 21), 17), (date(2026, 11, 22), 18), (date(2008, 11, 22), 0)]
)
def test_age(day: date, age: int) -> None:
    assert age_on(date(2008, 11, 22), day) == age
