"""Is the live face enrolled under another number?"""

from __future__ import annotations

from dataclasses import replace

from ekyc.decision import Evidence
from ekyc.face.match import template
from ekyc.usecases.parts import Parts
from ekyc.usecases.record import Record


def with_duplicates(parts: Parts, record: Record, evidence: Evidence) -> Evidence:
    """The evidence with other people's faces that are too near; the face is enrolled first.

    Only the operator's own verifications take part: a tenant's are not the province's accounts.
    """
    straight = [sample.embedding for sample in record.faces if sample.kind == "straight"]
    number = evidence.document.fields["number"].value
    if parts.duplicates is None or record.tenant or not straight or not number:
        return evidence
    probe, faces = template(straight), parts.policy.face
    parts.duplicates.enrol(record.id, number, probe, parts.clock())
    found = parts.duplicates.search(number, probe, faces.duplicate_rate, faces.accept_rate)
    kept = {**evidence.record, "duplicates": [candidate.to_json() for candidate in found]}
    return replace(evidence, duplicates=tuple(candidate.distance for candidate in found), record=kept)
