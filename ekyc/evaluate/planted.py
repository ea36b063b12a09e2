"""Cards with one contradiction planted in each, and whether it is caught: by a refusal, a check, or the face.

Photos are easy ones: what is measured is the rule, not the reading.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ekyc.document.fuse import fuse
from ekyc.document.read import read_side
from ekyc.errors import EkycError
from ekyc.face.match import match
from ekyc.ports import FaceEngine
from ekyc.registry.person import Person
from ekyc.registry.seed import build_population
from ekyc.specimen import layout_2021, layout_2024
from ekyc.specimen.layout import CARD_WIDTH, MRZ_PITCH
from ekyc.specimen.photograph import photograph
from ekyc.specimen.printer import WIDTH, card_values, print_side
from ekyc.specimen.samples import sample_citizens
from ekyc.usecases.card_rules import require_usable

Kind = Literal["name", "number", "birth", "expiry", "portrait", "mixed_sides", "expired", "broken_mrz"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TODAY = date(2026, 11, 22)
_AUTHENTICITY = ("photocopy", "palette", "spliced_portrait")  # are measured by themselves
_UNIT = WIDTH / CARD_WIDTH
_LAYOUTS = {"cccd_chip": layout_2021, "can_cuoc": layout_2024}
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Planted:
    """Photos of both sides, what was planted, and whether it has to be refused at once or may go to review.

    portrait: of the person that the registry knows under the card's number.
    """

    kind: Kind
    front: bytes
    back: bytes
    expected: Literal["reject", "review"]
    portrait: bytes


def planted_cards(count: int, seed: int, kinds: Sequence[Kind] = KINDS) -> Iterator[Planted]:
    """``count`` cards, each kind of contradiction in turns, both kinds of card in turns."""
    population, _ = build_population(6 * count + 200, seed)
    valid = [p for p in population if _is_valid(p)]
    faces = [c for c in sample_citizens() if c.lookalike_of is None]
    by_kind = [[p for p in valid if p.card.kind == kind] for kind in _LAYOUTS]
    for i in range(count):
        person, stranger = by_kind[(i // len(kinds)) % 2][i : i + 2]
        own, other = faces[i % len(faces)].portrait(), faces[(i + 3) % len(faces)].portrait()
        yield _plant(kinds[i % len(kinds)], replace(person, portrait=own), stranger, other, seed + 10 * i)


def caught_by(card: Planted, engine: FaceEngine) -> tuple[str, str]:
    """("reject", code), ("review", failed check) or ("accept", ""): as the product would go on."""
    try:
        front, back = read_side(card.front, "front"), read_side(card.back, "back")
        reading = fuse(front, back, today=TODAY)
        require_usable(reading)
    except EkycError as error:
        return "reject", error.code
    for check in reading.checks:
        if check.outcome == "fail" and not check.name.startswith(_AUTHENTICITY):
            return "review", check.name
    if reading.portrait and not match(reading.portrait, card.portrait, engine).same_person:
        return "review", "portraits_differ"
    return "accept", ""


def _is_valid(person: Person) -> bool:
    expiry = person.card.date_of_expiry
    return (expiry is None or expiry > TODAY) and person.date_of_birth < date(2012, 1, 1)


def _plant(kind: Kind, person: Person, stranger: Person, other: bytes, seed: int) -> Planted:
    rng = random.Random(seed)  # noqa: S311
    layouts = _LAYOUTS[person.card.kind]
    values = card_values(person)
    on_front, on_back, printed = dict(values), dict(values), person
    if kind == "name":
        on_front["full_name"] = stranger.full_name.upper()
    elif kind == "number":
        at = rng.randrange(6, 12)
        digit = str((int(values["number"][at]) + rng.randrange(1, 10)) % 10)
        on_front["number"] = values["number"][:at] + digit + values["number"][at + 1 :]
    elif kind == "birth":
        on_front["date_of_birth"] = _day(person.date_of_birth + timedelta(days=rng.choice((10, 366, -900))))
    elif kind == "expiry":
        later = date(2039, 1, 1) + timedelta(days=rng.randrange(3000))
        on_front["date_of_expiry"] = on_back["date_of_expiry"] = _day(later)
    elif kind == "portrait":
        printed = replace(person, portrait=other)
    elif kind == "expired":
        printed = _expired(person)
        on_front = on_back = card_values(printed)
    front = print_side(layouts.FRONT, printed, on_front)
    owner = stranger if kind == "mixed_sides" else printed
    back = print_side(layouts.BACK, owner, card_values(stranger) if kind == "mixed_sides" else on_back)
    if kind == "broken_mrz":
        back = _with_broken_zone(back, layouts.BACK.mrz_left or 0.0, layouts.BACK.mrz_baselines, rng)
    expected: Literal["reject", "review"] = "review" if kind in ("portrait", "broken_mrz") else "reject"
    photos = [photograph(side, "easy", seed + turn) for turn, side in enumerate((front, back))]
    return Planted(kind, photos[0], photos[1], expected, person.portrait or b"")


def _day(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def _expired(person: Person) -> Person:
    """The same card, issued and ended earlier; its dates agree with each other everywhere."""
    ended = TODAY - timedelta(days=200)
    return replace(person, card=replace(person.card, date_of_expiry=ended))


def _with_broken_zone(back: Pixels, left: float, baselines: tuple[float, ...], rng: random.Random) -> Pixels:
    """One digit of the birth date in the zone covered with the picture of another digit of its line."""
    changed = back.copy()
    rows = slice(round((baselines[1] - 3.2) * _UNIT), round((baselines[1] + 0.9) * _UNIT))
    lefts = [round((left + c * MRZ_PITCH) * _UNIT) for c in range(7)]
    cells = [changed[rows, x : x + round(MRZ_PITCH * _UNIT)] for x in lefts]
    target = rng.randrange(7)
    # of the digits of this line the one that looks most different
    source = max((c for c in range(7) if c != target), key=lambda c: _differ(cells[c], cells[target]))
    cells[target][:] = cells[source].copy()
    return changed


def _differ(a: Pixels, b: Pixels) -> float:
    return float(np.abs(a.astype(int) - b.astype(int)).mean())
