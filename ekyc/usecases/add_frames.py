"""Camera frames of the face step, and a new challenge after a failed one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ekyc.errors import EkycError
from ekyc.liveness.judge import fail
from ekyc.usecases.face_step import Timed, take_in
from ekyc.usecases.face_work import Judged
from ekyc.usecases.failures import note_failure
from ekyc.usecases.parts import TRIES, Parts
from ekyc.usecases.record import CaptureKind, Conflict, Record
from ekyc.usecases.results import FaceProgress, Started


def add_frames(parts: Parts, verification_id: str, frames: Sequence[Timed]) -> FaceProgress:
    """See ``Verifications.add_frames``."""
    now_ms, policy = parts.now_ms(), parts.policy.liveness
    record = parts.change(verification_id, lambda r: take_in(r, frames, now_ms, policy))
    if record.progress.state != "continue":
        return FaceProgress.of(record.progress)
    judged = parts.faces.judge(record, frames, now_ms, policy)
    fresh = parts.store.claim_frames(verification_id, judged.digests, parts.clock())
    for _ in range(TRIES):
        after, captures = _judged(record, judged, frames) if fresh else (_reused(record), {})
        try:
            saved = parts.store.save(record, after, captures=captures)
        except Conflict:
            record = parts.load_open(verification_id)
            if record.progress.state != "continue":
                return FaceProgress.of(record.progress)
            judged = parts.faces.judge(record, frames, now_ms, policy)
            continue
        if saved.progress.state == "failed":
            note_failure(parts, saved.sides)
        return FaceProgress.of(saved.progress)
    raise EkycError("busy", "concurrent calls on one verification")


def restart_face(parts: Parts, verification_id: str) -> Started:
    """See ``Verifications.restart_face``."""

    def renew(record: Record) -> Record:
        old = record.progress
        if old.state == "done" or record.attempts >= parts.policy.liveness.max_attempts:
            raise EkycError("verification_closed", f"{record.attempts} attempts")
        failures = (*record.failures, old.code) if old.code else record.failures
        progress, attempts = parts.new_progress(old.assisted_by), record.attempts + 1
        return replace(record, progress=progress, attempts=attempts, failures=failures, faces=())

    record = parts.change(verification_id, renew)
    return Started(record.id, record.progress.challenge)


def _reused(record: Record) -> Record:
    return replace(record, progress=fail(record.progress, "liveness_frames_reused"))


def _judged(
    record: Record, judged: Judged, frames: Sequence[Timed]
) -> tuple[Record, dict[CaptureKind, bytes]]:
    faces = (*record.faces, *judged.samples) if judged.samples else record.faces
    captures: dict[CaptureKind, bytes] = {}
    if judged.portrait is not None:
        captures["face"] = frames[judged.portrait][1]
    return replace(record, progress=judged.progress, faces=faces), captures
