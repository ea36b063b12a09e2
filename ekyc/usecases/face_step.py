"""Frames of the face step: measure them, judge them, see that it is one person throughout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ekyc.errors import EkycError
from ekyc.liveness.judge import advance, fail, start
from ekyc.liveness.observe import Frame, observe
from ekyc.liveness.progress import Progress
from ekyc.policy import LivenessPolicy
from ekyc.ports import FaceEngine
from ekyc.usecases.record import FaceKind, FaceSample, Record

MAX_BATCH = 16  # frames in one call
MAX_FRAME_BYTES = 2 * 1024 * 1024
_NEW_SESSION_MS = 2000  # a clock that jumps back this far is a page opened anew


def observe_all(frames: Sequence[tuple[int, bytes]], engine: FaceEngine) -> list[Frame]:
    """Decode and measure frames given as (milliseconds, JPEG).

    Raises EkycError: usage (none, or too many), image_too_large, and those of ``image.decode``.
    """
    if not 0 < len(frames) <= MAX_BATCH:
        raise EkycError("usage", f"{len(frames)} frames")
    if any(len(data) > MAX_FRAME_BYTES for _, data in frames):
        raise EkycError("image_too_large", "frame")
    return [observe(data, at_ms, engine) for at_ms, data in frames]


def judge(
    record: Record, frames: Sequence[Frame], engine: FaceEngine, policy: LivenessPolicy
) -> tuple[Record, int | None]:
    """The record after these frames, and the index of the frame that is the best portrait, if any.

    Frames at the turning points of the challenge are embedded: each has to be the person of the first.
    """
    record = _resumed(record, frames, policy)
    portrait = None
    for index, frame in enumerate(frames):
        before = record.progress
        after = advance(before, frame.observation, policy)
        kind = _turning_point(before, after)
        if kind is not None and frame.face is not None:
            sample = FaceSample(kind, engine.embed(frame.image, frame.face))
            if record.faces and not _same_person(record.faces[0], sample, engine, policy):
                after = fail(after, "liveness_person_changed")
            elif not record.faces:
                portrait = index
            record = replace(record, faces=(*record.faces, sample))
        record = replace(record, progress=after)
    return record, portrait


def _resumed(record: Record, frames: Sequence[Frame], policy: LivenessPolicy) -> Record:
    """A page that was closed and opened again counts from zero: the same challenge starts over."""
    late = record.progress.last_ms - frames[0].observation.at_ms
    if record.progress.state != "continue" or late < _NEW_SESSION_MS:
        return record
    if record.attempts >= policy.max_attempts:
        return replace(record, progress=fail(record.progress, "liveness_timeout"))
    progress = start(record.progress.challenge)
    return replace(record, progress=progress, attempts=record.attempts + 1, faces=())


def _turning_point(before: Progress, after: Progress) -> FaceKind | None:
    if before.phase == after.phase and before.step == after.step:
        return None
    if after.phase == "return":
        return "moving"
    return "straight" if after.phase in ("act", "done") else None


def _same_person(first: FaceSample, other: FaceSample, engine: FaceEngine, policy: LivenessPolicy) -> bool:
    limit = policy.same_person_straight if other.kind == "straight" else policy.same_person_moving
    return engine.distance(first.embedding, other.embedding) <= limit
