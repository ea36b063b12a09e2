"""What makes a card of no use whoever shows it: said at once, before the citizen goes on to the face."""

from __future__ import annotations

from ekyc.errors import EkycError
from ekyc.types import DocumentReading

# two sure readings of one card that differ; softer signs are left to the decision
_CONTRADICTIONS = ("number_structure", "number_birth_year")


def require_usable(reading: DocumentReading) -> None:
    """Refuse both sides of a card.

    Raises EkycError: card_unreadable, card_expired, card_fields_contradict.
    """
    if reading.fields["number"].value is None:
        raise EkycError("card_unreadable", "number")
    failed = [check.name for check in reading.checks if check.outcome == "fail"]
    contradicting = [name for name in failed if name.endswith("_agrees") or name in _CONTRADICTIONS]
    if contradicting:
        raise EkycError("card_fields_contradict", ", ".join(contradicting))
    if "not_expired" in failed:
        raise EkycError("card_expired")
