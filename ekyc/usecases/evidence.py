"""Collects what a decision looks at: the card's fields, the registry's answers, the face distances."""

from __future__ import annotations

from datetime import date
from typing import Any

from ekyc.chip.fields import merged
from ekyc.chip.reading import ChipReading
from ekyc.decision import Evidence, FaceEvidence
from ekyc.errors import EkycError
from ekyc.face.match import embed_photo, template
from ekyc.image import sha256
from ekyc.ports import Embedding, FaceEngine, Registry
from ekyc.registry.person import Person
from ekyc.types import DocumentReading
from ekyc.usecases.chip_step import chip_evidence
from ekyc.usecases.face_work import FaceWork
from ekyc.usecases.record import Record

CALLER = "ekyc"
PURPOSE = "identity verification"
_COMPARED = ("full_name", "date_of_birth", "sex", "date_of_issue", "date_of_expiry")


def gather(
    record: Record, reading: DocumentReading, registry: Registry, faces: FaceWork, today: date
) -> Evidence:
    """Evidence for a record with a finished face step and what was read of both sides.

    Raises EkycError registry_unavailable; an unknown number becomes evidence.
    """
    chip = record.chip.reading
    about_chip = chip_evidence(record.chip, reading)
    if chip is not None and chip.trust == "verified":
        reading = merged(reading, chip.fields)
    number = reading.fields["number"].value or ""
    person, code = _person(number, registry)
    portrait = registry.portrait(number, caller=CALLER, purpose=PURPOSE) if person else None
    failed = record.progress.code if record.progress.state == "failed" else None
    return Evidence(
        document=reading,
        person=person,
        registry_code=code,
        matches=_matches(number, reading, registry) if person else {},
        face=faces.evidence(record, reading.portrait, portrait),
        chip=about_chip,
        liveness=failed,
        earlier_failures=record.failures,
        cues=record.progress.cues,
        assisted=bool(record.progress.assisted_by),
        today=today,
        record=_kept(record, portrait, faces.engine_name()),
    )


def _person(number: str, registry: Registry) -> tuple[Person | None, str | None]:
    try:
        return registry.lookup(number, caller=CALLER, purpose=PURPOSE), None
    except EkycError as error:
        if error.code not in ("number_unknown", "number_invalid"):
            raise
        return None, error.code


def _matches(number: str, reading: DocumentReading, registry: Registry) -> dict[str, bool]:
    """Ask only for what was read; "" is a card without expiry, which has no value but a source."""
    given = {}
    for name in _COMPARED:
        field = reading.fields.get(name)
        if field is None or field.source == "none":
            continue
        if field.value is not None or name == "date_of_expiry":
            given[name] = field.value or ""
    if "full_name" in given:
        given["full_name_unaccented"] = given["full_name"]
    return registry.match(number, given, caller=CALLER, purpose=PURPOSE) if given else {}


def face_evidence(
    record: Record, card: bytes | None, registry: bytes | None, engine: FaceEngine
) -> FaceEvidence:
    """The mean of the face step's samples against the portraits (JPEG) of card and registry."""
    straight = [sample.embedding for sample in record.faces if sample.kind == "straight"]
    if not straight:
        return FaceEvidence(None, None)
    probe = template(straight)
    on_card, in_registry = _portrait(card, engine), _portrait(registry, engine)

    def between(a: Embedding | None, b: Embedding | None) -> float | None:
        return None if a is None or b is None else engine.distance(a, b)

    chip = record.chip.reading
    in_chip = _portrait(chip.portrait if chip else None, engine)
    return FaceEvidence(
        between(probe, on_card),
        between(probe, in_registry),
        between(on_card, in_registry),
        between(probe, in_chip),
    )


def _portrait(data: bytes | None, engine: FaceEngine) -> Embedding | None:
    """A portrait that cannot be used is no evidence; the decision says so."""
    if data is None:
        return None
    try:
        return embed_photo(data, engine)
    except EkycError:
        return None


def _kept(record: Record, portrait: bytes | None, engine: str) -> dict[str, Any]:
    """Which engine saw which content: digests only."""
    digests: dict[str, str] = {side: reading.sha256 for side, reading in record.sides.items()}
    if portrait is not None:
        digests["registry_portrait"] = sha256(portrait)
    chip = record.chip.reading
    return {
        **({"chip": _chip_kept(chip)} if chip else {}),
        "face_engine": engine,
        "sha256": digests,
        "face_samples": sum(sample.kind == "straight" for sample in record.faces),
        "liveness_attempts": record.attempts,
        "liveness_assisted_by": record.progress.assisted_by or None,
        "liveness_frames": record.progress.frames,
    }


def _chip_kept(chip: ChipReading) -> dict[str, Any]:
    return {
        "trust": chip.trust,
        "active_authentication": chip.active,
        "digest": chip.digest,
        "signer": chip.signer,
        "issuer": chip.issuer,
        "sha256": chip.sha256,
    }
