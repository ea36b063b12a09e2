"""What was gathered about one applicant, values included. Only ``facts`` of it are weighed and kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ekyc.decision.chip import ChipEvidence
from ekyc.registry.person import Person
from ekyc.types import DocumentReading


@dataclass(frozen=True, slots=True)
class FaceEvidence:
    """Distances of the live face (mean of several frames) to each reference, None where unavailable.

    card_to_registry: the printed portrait against the registry's, one photo against one.
    """

    to_card: float | None
    to_registry: float | None
    card_to_registry: float | None = None
    to_chip: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a decision looks at.

    person: the registry's record, None where ``registry_code`` says why there is none.
    matches: registry answer per field, see ``ports.Registry.match``.
    liveness: error code of the last attempt, None when it was passed; earlier_failures: of those before.
    recent_failures: face steps that failed for this number lately, in any verification.
    cues: what an honest person may show too, as ``liveness.progress`` names it.
    assisted: nothing but looking straight was asked, an officer stood by.
    duplicates: distances to faces enrolled under other numbers, those that are too near.
    record: engine names, content hashes and the like, kept with the decision.
    """

    document: DocumentReading
    person: Person | None
    registry_code: str | None
    matches: dict[str, bool]
    face: FaceEvidence
    liveness: str | None
    earlier_failures: tuple[str, ...]
    today: date
    record: dict[str, Any] = field(default_factory=dict)
    recent_failures: int = 0
    chip: ChipEvidence | None = None
    cues: tuple[str, ...] = ()
    assisted: bool = False
    duplicates: tuple[float, ...] = ()
