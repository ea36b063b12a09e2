"""A report as a citizen writes it, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from examples.phan_anh.communes import PLACES
from examples.province.text import tidy

CATEGORIES = ("pavement", "wire", "trash", "flood", "light", "tree", "other")
VISIBILITIES = ("public", "private")
SHORTEST, LONGEST, PLACE_LONGEST = 10, 1000, 200
FIELDS = ("category", "description", "commune", "place", "visibility")


@dataclass(frozen=True, slots=True)
class Report:
    """A checked report. description: 10 to 1000 characters; commune: one of the province's 92."""

    category: str
    description: str
    commune: str
    place: str
    visibility: str


def blank() -> dict[str, str]:
    """The values of a form that nobody has touched yet."""
    return dict.fromkeys(FIELDS, "") | {"visibility": "public"}


def check(typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Tidy values, and by field the message key of what is wrong."""
    values = {name: tidy(typed.get(name, "")) for name in FIELDS}
    length, place = len(values["description"]), values["place"]
    found = {
        "category": "category" if values["category"] not in CATEGORIES else "",
        "description": "short" if length < SHORTEST else "long" if length > LONGEST else "",
        "commune": "commune" if values["commune"] not in PLACES else "",
        "place": "place" if not place else "place_long" if len(place) > PLACE_LONGEST else "",
        "visibility": "visibility" if values["visibility"] not in VISIBILITIES else "",
    }
    return values, {name: f"write.wrong.{fault}" for name, fault in found.items() if fault}


def complete(values: Mapping[str, str]) -> Report:
    """The report out of values that ``check`` found no fault with."""
    return Report(**{name: values[name] for name in FIELDS})
