"""One photo of one side of the card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ekyc.errors import EkycError
from ekyc.types import DocumentReading, Side, SideReading
from ekyc.usecases.card_rules import require_usable
from ekyc.usecases.parts import Parts
from ekyc.usecases.record import Record
from ekyc.usecases.results import DocumentProgress


def add_document(parts: Parts, verification_id: str, side: Side, image: bytes) -> DocumentProgress:
    """See ``Verifications.add_document``."""
    record = parts.change(verification_id, lambda record: _counted(record, parts.policy.max_photos))
    reading = _read(parts, record, side, image)

    def put(now: Record) -> Record:
        sides: dict[Side, SideReading] = {**now.sides, side: reading}
        fuse_usable(parts, sides)
        return replace(now, sides=sides)

    record = parts.change(verification_id, put, captures={side: image})
    fused = fuse_usable(parts, record.sides)
    return DocumentProgress(tuple(record.sides), len(record.sides) == 2, fused.as_json())


def fuse_usable(parts: Parts, sides: Mapping[Side, SideReading]) -> DocumentReading:
    """With both sides there they have to be one usable card: see ``card_rules``."""
    reading = parts.fuse(sides)
    if len(sides) == 2:
        require_usable(reading)
    return reading


def _counted(record: Record, most: int) -> Record:
    if record.photos >= most:
        raise EkycError("verification_closed", "too many photos")
    return replace(record, photos=record.photos + 1)


def _read(parts: Parts, record: Record, side: Side, image: bytes) -> SideReading:
    try:
        return parts.reader.read_side(image, side)
    except EkycError as error:
        other: Side = "back" if side == "front" else "front"
        if error.code == "card_wrong_side" and other in record.sides:
            raise EkycError("card_same_side_twice") from error
        raise
