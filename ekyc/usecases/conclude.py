"""The decision of a verification: once, and kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ekyc.decision import decide
from ekyc.errors import EkycError
from ekyc.image import sha256
from ekyc.policies.text import settings_of, version_of
from ekyc.types import Decision, DocumentReading
from ekyc.usecases.add_document import fuse_usable
from ekyc.usecases.evidence import CALLER, PURPOSE, gather
from ekyc.usecases.failures import note_failure, recent_failures
from ekyc.usecases.parts import Parts
from ekyc.usecases.record import ChipState, Closing, Conflict, Record
from ekyc.usecases.results import Outcome
from ekyc.usecases.same_face import with_duplicates
from ekyc.versions import engine_versions
from ekyc.webhooks.message import decided


def conclude(parts: Parts, verification_id: str) -> Outcome:
    """See ``Verifications.decide``."""
    record = parts.load(verification_id)
    if record.outcome is None:
        _require_complete(record, parts.policy.liveness.max_attempts)
        reading = fuse_usable(parts, record.sides)
        evidence = gather(record, reading, parts.registry, parts.faces, parts.today())
        evidence = replace(
            evidence,
            recent_failures=recent_failures(parts, record.sides),
            record=_made_with(parts, record, evidence.record),
        )
        evidence = with_duplicates(parts, record, evidence)
        decision = decide(evidence, parts.policy)
        if decision.verdict == "reject" and parts.duplicates is not None:
            parts.duplicates.remove(record.id)
        if "face_mismatch" in decision.reasons:
            note_failure(parts, record.sides)
        record = _close(parts, record, decision, evidence.document)
    return _outcome(parts, record)


def _require_complete(record: Record, most_attempts: int) -> None:
    used_up = record.attempts >= most_attempts
    judged = record.progress.state == "done" or (record.progress.state == "failed" and used_up)
    if len(record.sides) < 2 or not judged:
        raise EkycError("verification_incomplete")


def _made_with(parts: Parts, record: Record, evidence: dict[str, Any]) -> dict[str, Any]:
    """Bind the decision to what was judged and what judged it."""
    pictures = {kind: sha256(image) for kind, image in parts.store.captures(record.id).items()}
    return {
        **evidence,
        "sha256": {**pictures, **evidence["sha256"]},  # of a side: what was read
        "engine": engine_versions(),
        "policy": version_of(parts.policy),
        "decided_at": parts.clock().isoformat(),
    }


def _close(parts: Parts, record: Record, decision: Decision, reading: DocumentReading) -> Record:
    outcome = _as_json(decision, reading)
    looked_at = decision.verdict == "review"
    after = replace(record, outcome=outcome)
    if not looked_at:
        after = replace(after, sides={}, faces=(), chip=ChipState())
    now = parts.clock()
    policy = decision.evidence["policy"], settings_of(parts.policy)
    closing = Closing(now, *policy, decided(record.id, decision.verdict, now))
    try:
        return parts.store.save(record, after, drop_captures=not looked_at, closing=closing)
    except Conflict:
        newer = parts.load(record.id)
        if newer.outcome is None:
            raise EkycError("busy", "changed while it was decided") from None
        return newer  # two decisions at once: the first one stands


def _outcome(parts: Parts, record: Record) -> Outcome:
    stored = record.outcome
    assert stored is not None
    person = None
    if stored["verdict"] != "reject":
        number = stored["fields"]["number"]["value"]
        person = parts.registry.lookup(number, caller=CALLER, purpose=PURPOSE)
    return Outcome(
        record.id,
        stored["verdict"],
        stored["level"],
        tuple(stored["reasons"]),
        stored["fields"],
        tuple(stored["checks"]),
        stored["evidence"],
        person,
    )


def _as_json(decision: Decision, reading: DocumentReading) -> dict[str, Any]:
    """What stays of a decision; of a rejection nothing that was read."""
    fields = reading.as_json() if decision.verdict != "reject" else {}
    fields.pop("checks", None)
    return {
        "verdict": decision.verdict,
        "level": decision.level,
        "reasons": list(decision.reasons),
        "fields": fields,
        "checks": [{"name": c.name, "outcome": c.outcome, "detail": c.detail} for c in decision.checks],
        "evidence": decision.evidence,
    }
