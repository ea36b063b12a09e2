"""Does a given value equal the registry's? Pure; the answer is a yes or no a field and nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal

from ekyc.registry.person import Person

# letters that look like Đ but are other characters: Ð (eth), Ɖ (African d), and their small forms
_LOOKALIKES = str.maketrans({"\u00d0": "\u0110", "\u0189": "\u0110", "\u00f0": "\u0111", "\u0256": "\u0111"})


def fold_name(name: str) -> str:
    """NFC, look-alikes of Đ mapped, case folded, spaces collapsed."""
    composed = unicodedata.normalize("NFC", name).translate(_LOOKALIKES)
    return " ".join(unicodedata.normalize("NFC", composed.casefold()).split())


def unaccent(name: str) -> str:
    """``fold_name`` and then no diacritics, as in a machine readable zone: "Đặng Thọ" -> "dang tho"."""
    plain = fold_name(name).replace("\u0111", "d")
    bare = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return " ".join(bare.split())


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


FieldName = Literal[
    "full_name", "full_name_unaccented", "date_of_birth", "sex", "date_of_issue", "date_of_expiry"
]

_MATCHERS: dict[str, Callable[[Person, str], bool]] = {
    "full_name": lambda person, given: fold_name(given) == fold_name(person.full_name),
    "full_name_unaccented": lambda person, given: unaccent(given) == unaccent(person.full_name),
    "date_of_birth": lambda person, given: given == _iso(person.date_of_birth),
    "sex": lambda person, given: given == person.sex,
    "date_of_issue": lambda person, given: given == _iso(person.card.date_of_issue),
    "date_of_expiry": lambda person, given: given == _iso(person.card.date_of_expiry),
}

MATCH_FIELDS = tuple(_MATCHERS)


def match_fields(person: Person, given: Mapping[str, str]) -> dict[str, bool]:
    """Field name -> equal or not. Dates are ISO 8601, "" for no expiry. ValueError for an unknown field."""
    unknown = given.keys() - _MATCHERS.keys()
    if unknown:
        raise ValueError("fields that can be matched: " + ", ".join(MATCH_FIELDS))
    return {name: _MATCHERS[name](person, value) for name, value in given.items()}
