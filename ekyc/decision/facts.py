"""The part of the evidence that rules look at: nothing that names, shows or dates anybody.

It is kept with a decision, a rejection too, so that an officer can weigh it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from ekyc.decision.chip import ChipEvidence
from ekyc.decision.evidence import Evidence, FaceEvidence
from ekyc.registry.person import CardStatus, LifeStatus, Person
from ekyc.types import Check, Field


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field was read, and how surely (0..1); see ``types.Field``."""

    source: str
    confidence: float

    @property
    def coded(self) -> bool:
        """In the QR code or the MRZ, which carry check digits of their own."""
        return "qr" in self.source or "mrz" in self.source


@dataclass(frozen=True, slots=True)
class Holder:
    """What the registry says of the number's holder. age: whole years on the day of the decision.

    newer_card: it knows a card issued later than the one shown.
    """

    life_status: LifeStatus
    card_status: CardStatus
    age: int
    newer_card: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """See ``Evidence``, whose names these are. sources: of the fields that were read."""

    checks: tuple[Check, ...]
    sources: dict[str, Source]
    holder: Holder | None
    registry_code: str | None
    matches: dict[str, bool]
    face: FaceEvidence
    liveness: str | None
    earlier_failures: tuple[str, ...]
    recent_failures: int = 0
    chip: ChipEvidence | None = None
    cues: tuple[str, ...] = ()
    assisted: bool = False
    duplicates: tuple[float, ...] = ()

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = _adapter().dump_python(self, mode="json")
        return out

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Facts:
        return _adapter().validate_python(stored)


@cache
def _adapter() -> TypeAdapter[Facts]:
    return TypeAdapter(Facts)


def facts_of(evidence: Evidence) -> Facts:
    fields = evidence.document.fields
    issued = fields.get("date_of_issue")
    return Facts(
        checks=evidence.document.checks,
        sources={
            name: Source(read.source, read.confidence)
            for name, read in fields.items()
            if read.source != "none"
        },
        holder=_holder(evidence.person, issued, evidence.today) if evidence.person else None,
        registry_code=evidence.registry_code,
        matches=dict(evidence.matches),
        face=evidence.face,
        liveness=evidence.liveness,
        earlier_failures=evidence.earlier_failures,
        recent_failures=evidence.recent_failures,
        chip=evidence.chip,
        cues=evidence.cues,
        assisted=evidence.assisted,
        duplicates=evidence.duplicates,
    )


def age(born: date, today: date) -> int:
    """Whole years; someone born on 29 February has the birthday on 1 March in other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _holder(person: Person, issued: Field | None, today: date) -> Holder:
    shown = (issued.value if issued else None) or "9999"
    newer = person.card.date_of_issue.isoformat() > shown
    return Holder(person.life_status, person.card.status, age(person.date_of_birth, today), newer)
