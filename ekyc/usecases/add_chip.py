"""One reading of the card's chip."""

from __future__ import annotations

from ekyc.chip.files import Files, require_files
from ekyc.chip.reading import ChipReading
from ekyc.errors import EkycError
from ekyc.usecases.add_document import fuse_usable
from ekyc.usecases.chip_step import require_same_card, spend_nonce, with_failure, with_reading
from ekyc.usecases.parts import Parts
from ekyc.usecases.record import Record


def add_chip(parts: Parts, verification_id: str, files: Files, answer: bytes) -> ChipReading:
    """See ``Verifications.add_chip``."""
    require_files(files, answer)
    spent = parts.change(verification_id, spend_nonce)
    nonce = bytes.fromhex(spent.chip.nonce)

    def put(now: Record) -> Record:
        if len(now.sides) == 2:
            require_same_card(reading, fuse_usable(parts, now.sides))
        return with_reading(now, reading)

    try:
        reading = parts.chips.read(files, nonce=nonce, answer=answer, now=parts.clock())
        parts.change(verification_id, put)
    except EkycError as error:
        code = error.code
        parts.change(verification_id, lambda record: with_failure(record, code))
        raise
    return reading
