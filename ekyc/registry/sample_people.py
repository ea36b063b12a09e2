"""Registry records of the sample citizens: a fixed life for each, numbers drawn from the seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ekyc.registry.person import Person
from ekyc.specimen.samples import sample_citizens


@dataclass(frozen=True, slots=True)
class _Life:
    """Province where the birth was registered, birth month and day, day the card was issued."""

    province: str
    month: int
    day: int
    issue: date
    guardian: str | None = None  # sample id


# Half carry the 2021 chip card, half the 2024 card; 11 and 12 are past 60 and hold cards without expiry.
_LIVES: dict[str, _Life] = {
    "01": _Life("019", 4, 17, date(2022, 6, 8)),
    "02": _Life("006", 1, 9, date(2024, 8, 20), guardian="08"),
    "03": _Life("019", 2, 26, date(2021, 5, 10)),
    "04": _Life("019", 3, 30, date(2025, 9, 15)),
    "05": _Life("001", 1, 12, date(2021, 4, 6)),
    "06": _Life("008", 10, 5, date(2024, 9, 11)),
    "07": _Life("006", 7, 22, date(2021, 7, 19)),
    "08": _Life("004", 11, 3, date(2025, 3, 12)),
    "09": _Life("020", 12, 14, date(2021, 8, 3)),
    "10": _Life("034", 8, 28, date(2024, 10, 25)),
    "11": _Life("019", 5, 19, date(2021, 3, 16)),
    "12": _Life("036", 9, 2, date(2025, 7, 21)),
    "13": _Life("019", 6, 11, date(2024, 11, 28)),
}


def make_samples(rng: random.Random, make_person: Callable[..., Person]) -> dict[str, Person]:
    """Sample id -> record with portrait. Guardians come before their wards."""
    made: dict[str, Person] = {}
    for citizen in sorted(sample_citizens(), key=lambda c: (_LIVES[c.id].guardian is not None, c.id)):
        life = _LIVES[citizen.id]
        made[citizen.id] = make_person(
            rng,
            full_name=citizen.name,
            sex=citizen.sex,
            date_of_birth=date(citizen.birth_year, life.month, life.day),
            province=life.province,
            date_of_issue=life.issue,
            guardian_number=made[life.guardian].number if life.guardian else None,
            portrait=citizen.portrait(),
        )
    return dict(sorted(made.items()))
