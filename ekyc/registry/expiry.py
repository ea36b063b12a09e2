"""When an identity card ends, pure.

Law on Identification 26/2023, Article 21: renew at 14, 25, 40 and 60; a card issued within the two years
before such an age is good to the next one. Law on Citizen Identification 2014: the same with 25, 40, 60.
"""

from __future__ import annotations

from datetime import date

LAW_2023_IN_FORCE = date(2024, 7, 1)
_AGES_2014 = (25, 40, 60)
_AGES_2023 = (14, 25, 40, 60)
_GRACE_YEARS = 2


def add_years(day: date, years: int) -> date:
    """The same calendar day ``years`` later (or earlier); 29 February becomes 1 March where it is missing."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def expected_expiry(dob: date, issue: date) -> date | None:
    """The date of expiry the law gives a card issued on ``issue``; None means "không thời hạn"."""
    for age in _AGES_2023 if issue >= LAW_2023_IN_FORCE else _AGES_2014:
        birthday = add_years(dob, age)
        if issue < add_years(birthday, -_GRACE_YEARS):
            return birthday
    return None


def age_on(dob: date, day: date) -> int:
    """Full years lived on ``day``."""
    return day.year - dob.year - ((day.month, day.day) < (dob.month, dob.day))
