"""Frozen results that the stages hand to each other. Dates are ISO 8601 strings (YYYY-MM-DD)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

Side = Literal["front", "back"]
Outcome = Literal["pass", "fail", "unavailable"]
Verdict = Literal["accept", "review", "reject"]

FIELD_NAMES = (
    "document_type",
    "number",
    "full_name",
    "date_of_birth",
    "sex",
    "nationality",
    "place_of_origin",
    "place_of_residence",
    "date_of_issue",
    "date_of_expiry",
)


class DocumentType(StrEnum):
    """Kinds of Vietnamese identity paper that the engine tells apart."""

    CCCD_CHIP = "cccd_chip"  # căn cước công dân with chip, issued 2021-01-23 to 2024-06-30
    CAN_CUOC = "can_cuoc"  # căn cước, issued from 2024-07-01
    CCCD_BARCODE = "cccd_barcode"
    CMND_9 = "cmnd_9"
    CMND_12 = "cmnd_12"


@dataclass(frozen=True, slots=True)
class Field:
    """One fact read from the card.

    source: "qr", "mrz", "print", or several joined by "+" when they agree; "none" when unread.
    confidence: 0..1. ``raw`` keeps what the reader saw before any correction. ``confirmed``: two independent
    sources say exactly this value, marks and all, and no sure reading contradicts them.
    """

    value: str | None
    source: str
    confidence: float
    raw: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One rule applied to the evidence. ``detail`` is for officers, never personal data."""

    name: str
    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SideReading:
    """What one photo of one side of a card gave. Serialisable through ``to_dict``/``from_dict``.

    fields: source name ("qr", "mrz", "print") -> field name -> Field.
    portrait: JPEG of the printed portrait (front only).
    """

    side: Side
    document_type: DocumentType
    fields: dict[str, dict[str, Field]]
    checks: tuple[Check, ...] = ()
    portrait: bytes | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """Both sides fused: field name (``FIELD_NAMES``) -> Field, and the cross-checks."""

    fields: dict[str, Field]
    checks: tuple[Check, ...]
    portrait: bytes | None = None

    def as_json(self) -> dict[str, Any]:
        """The public shape of ``ekyc read --json`` (no image)."""
        out: dict[str, Any] = {
            name: {
                "value": f.value,
                "raw": f.raw,
                "source": f.source,
                "confidence": round(f.confidence, 4),
                "confirmed": f.confirmed,
            }
            for name, f in self.fields.items()
        }
        out["checks"] = [{"name": c.name, "outcome": c.outcome, "detail": c.detail} for c in self.checks]
        return out


@dataclass(frozen=True, slots=True)
class FaceMatch:
    """Distance between two faces or templates, with the engine that measured it."""

    distance: float
    same_person: bool
    engine: str
    threshold: float


@dataclass(frozen=True, slots=True)
class Decision:
    """accept / review / reject, with stable reason codes and the evidence behind each."""

    verdict: Verdict
    level: int
    reasons: tuple[str, ...]
    checks: tuple[Check, ...]
    evidence: dict[str, Any] = field(default_factory=dict)
