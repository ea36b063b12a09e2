"""What the population registry knows of one citizen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Sex = Literal["male", "female"]
CardKind = Literal["cccd_barcode", "cccd_chip", "can_cuoc"]
CardStatus = Literal["valid", "expired", "cancelled", "replaced"]
LifeStatus = Literal["alive", "deceased"]


@dataclass(frozen=True, slots=True)
class Card:
    """The identity card last issued to a person. ``date_of_expiry`` None means "không thời hạn"."""

    kind: CardKind
    date_of_issue: date
    date_of_expiry: date | None
    status: CardStatus


@dataclass(frozen=True, slots=True)
class Person:
    """One record; ``number`` is the 12-digit personal number (Nghị định 137/2015, Article 13).

    portrait: JPEG bytes or None. guardian_number: set for minors.
    """

    number: str
    full_name: str
    date_of_birth: date
    sex: Sex
    nationality: str
    place_of_origin: str
    place_of_birth: str
    place_of_residence: str
    card: Card
    life_status: LifeStatus = "alive"
    old_number: str | None = None
    guardian_number: str | None = None
    portrait: bytes | None = None
