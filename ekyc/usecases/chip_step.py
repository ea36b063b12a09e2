"""The chip of the card in a verification: one nonce at a time, each good for one reading."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace

from ekyc.chip.active import NONCE_BYTES
from ekyc.chip.fields import cross_checks
from ekyc.chip.reading import ChipReading
from ekyc.decision import ChipEvidence
from ekyc.errors import EkycError
from ekyc.policy import ChipPolicy
from ekyc.types import Check, DocumentReading
from ekyc.usecases.record import ChipState, Record


def new_nonce() -> str:
    """Hexadecimal."""
    return secrets.token_hex(NONCE_BYTES)


def with_nonce(record: Record, policy: ChipPolicy) -> Record:
    """A fresh nonce; the one before is void. Raises EkycError chip_nonce_used after too many readings."""
    if record.chip.readings >= policy.max_readings:
        raise EkycError("chip_nonce_used", f"{record.chip.readings} readings")
    return replace(record, chip=replace(record.chip, nonce=new_nonce(), spent=False))


def spend_nonce(record: Record) -> Record:
    """The nonce stays readable for this reading and is void for any other.

    Raises EkycError chip_nonce_used: spent already, or never given.
    """
    chip = record.chip
    if chip.spent or not chip.nonce:
        raise EkycError("chip_nonce_used")
    return replace(record, chip=replace(chip, spent=True, readings=chip.readings + 1))


def with_failure(record: Record, code: str) -> Record:
    return replace(record, chip=replace(record.chip, failures=(*record.chip.failures, code)))


def with_reading(record: Record, reading: ChipReading) -> Record:
    return replace(record, chip=replace(record.chip, reading=reading))


def require_same_card(reading: ChipReading, card: DocumentReading) -> None:
    """Raises EkycError chip_differs_from_card."""
    failed = [check.name for check in _checks(reading, card) if check.outcome == "fail"]
    if failed:
        raise EkycError("chip_differs_from_card", ", ".join(failed))


def chip_evidence(state: ChipState, card: DocumentReading) -> ChipEvidence | None:
    """What a decision has to know; None where no chip was ever read."""
    reading = state.reading
    if reading is None:
        return ChipEvidence(failures=state.failures) if state.failures else None
    return ChipEvidence(
        trust=reading.trust,
        anchored=reading.anchored,
        original=reading.active,
        checks=tuple(_checks(reading, card)),
        failures=state.failures,
    )


def _checks(reading: ChipReading, card: DocumentReading) -> Sequence[Check]:
    return (*reading.checks, *cross_checks(reading.fields, card))
