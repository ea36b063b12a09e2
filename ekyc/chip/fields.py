"""The chip's fields, and how they are held against the card in the photos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ekyc.document.checks import SURE, agree
from ekyc.document.mrz import Mrz
from ekyc.document.text import distance, fold, same_text
from ekyc.types import Check, DocumentReading, Field

_COMPARED = ("number", "full_name", "date_of_birth", "sex", "date_of_issue", "date_of_expiry")


def chip_fields(zone: Mrz, national: Mapping[str, str]) -> dict[str, Field]:
    """Name -> Field, source "chip". DG13 has the marks and the dates in full, DG1 is always there."""
    fields = {name: replace(field, source="chip") for name, field in zone.fields().items()}
    for name, value in national.items():
        written = value.upper() if name == "full_name" else value
        fields[name] = Field(written or None, "chip", 1.0, value)
    return fields


def groups_agree(zone: Mrz, national: Mapping[str, str]) -> Check:
    """DG1 and DG13 speak of one person."""
    differing = [
        name
        for name, field in zone.fields().items()
        if national.get(name) is not None
        and name != "nationality"
        and not agree(name, ("mrz", field.value), ("print", national[name] or None))
    ]
    return Check("chip_groups_agree", "fail" if differing else "pass", ", ".join(differing))


def cross_checks(fields: Mapping[str, Field], card: DocumentReading) -> tuple[Check, ...]:
    """One check for each field that chip and card both have. A doubtful print contradicts nothing."""
    return tuple(_agreement(name, fields.get(name), card.fields.get(name)) for name in _COMPARED)


def _agreement(name: str, chip: Field | None, card: Field | None) -> Check:
    check = f"chip_{name}_agrees"
    if chip is None or card is None or card.source == "none":
        return Check(check, "unavailable")
    if agree(name, (_kind(chip), chip.value), (card.source, card.value)):
        return Check(check, "pass")
    sure = card.confidence >= SURE and (name != "full_name" or _other_letters(chip, card))
    return Check(check, "fail") if sure else Check(check, "unavailable", "doubtful print")


def _other_letters(chip: Field, card: Field) -> bool:
    """Tone marks, and one letter, may be misread; the zone's name may be cut."""
    written, read = fold(chip.value or ""), fold(card.value or "")
    return distance(written, read[: len(written)] if chip.raw is None else read) > 1


def _kind(chip: Field) -> str:
    """A name without marks is the one of the zone."""
    return "mrz" if chip.raw is None else "print"


def merged(card: DocumentReading, fields: Mapping[str, Field]) -> DocumentReading:
    """The card's reading with what a verified chip adds: a source for what it agrees with, and what was not
    read at all. What differs stays as the card has it: a check says so."""
    out = dict(card.fields)
    for name, chip in fields.items():
        read = out.get(name)
        if read is None or read.source == "none":
            out[name] = chip
        elif _same(name, read, chip):
            out[name] = replace(read, source=f"{read.source}+chip", confidence=1.0)
    return replace(card, fields=out)


def _same(name: str, read: Field, chip: Field) -> bool:
    if name.startswith("place") or name == "nationality":
        return same_text(read.value or "", chip.value or "")
    return agree(name, (read.source, read.value), (_kind(chip), chip.value))
