"""Frames of the face step: measure them, judge them, see that it is one person throughout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from ekyc.errors import EkycError
from ekyc.face.quality.assess import assess
from ekyc.liveness.continuity import likeness, patch
from ekyc.liveness.judge import advance, fail, receive, start
from ekyc.liveness.moire import moire
from ekyc.liveness.observe import Frame, observe
from ekyc.liveness.progress import Hint, Progress
from ekyc.policy import LivenessPolicy
from ekyc.ports import FaceEngine
from ekyc.usecases.record import FaceKind, FaceSample, Record

MAX_BATCH = 16  # frames in one call
MAX_FRAME_BYTES = 2 * 1024 * 1024
Timed = tuple[int, bytes]
_NEW_SESSION_MS = 2000  # a clock that jumps back this far is a page opened anew


def take_in(record: Record, frames: Sequence[Timed], now_ms: int, policy: LivenessPolicy) -> Record:
    """Count frames, given as (milliseconds, JPEG), before anything is decoded. now_ms: the server's clock.

    Raises EkycError: usage (none, too many, or a clock ahead of ours), image_too_large.
    """
    if not 0 < len(frames) <= MAX_BATCH:
        raise EkycError("usage", f"{len(frames)} frames")
    if any(len(data) > MAX_FRAME_BYTES for _, data in frames):
        raise EkycError("image_too_large", "frame")
    if max(at_ms for at_ms, _ in frames) > now_ms - record.progress.issued_ms + policy.ahead_ms:
        raise EkycError("usage", "frames from the future")
    record = _resumed(record, frames[0][0], policy)
    return replace(record, progress=receive(record.progress, len(frames), policy))


def observe_new(
    progress: Progress, frames: Sequence[Timed], now_ms: int, engine: FaceEngine
) -> list[tuple[Frame, bytes]]:
    """Decode and measure the frames that will be judged. Raises EkycError as ``image.decode``."""
    seen, last_ms = [], progress.last_ms
    for at_ms, data in frames:
        if at_ms > last_ms:
            seen.append((observe(data, at_ms, engine, now_ms), data))
            last_ms = at_ms
    return seen


def judge(
    record: Record, frames: Sequence[Frame], engine: FaceEngine, policy: LivenessPolicy
) -> tuple[Record, int | None]:
    """The record after these frames, and the index of the frame that is the best portrait, if any.

    Embedded, and held against the first, are the frames at the turning points of the challenge (those that
    look straight also make the template that is matched) and each frame whose face is not surely that of the
    frame before: a face that takes over between two turning points is compared too.
    """
    portrait = None
    for index, frame in enumerate(frames):
        before = record.progress
        after = advance(before, frame.observation, policy)
        kind, unsure = _turning_point(before, after), False
        if frame.face is not None and after.state == "continue" and after.baseline is not None:
            now = patch(frame.image, frame.face.landmarks)
            unsure = bool(before.patch) and likeness(before.patch, now) < policy.continuous
            after = replace(after, patch=now)
        if not record.faces and kind == "straight" and (wrong := _unusable(frame, before, policy)):
            again = replace(after, phase="neutral", baseline=None, samples=(), patch="", hint=wrong)
            record = replace(record, progress=again)
            continue
        if frame.face is not None and (kind is not None or unsure):
            sample = FaceSample(kind or "moving", engine.embed(frame.image, frame.face))
            if kind == "straight" and moire(frame.image, frame.face) >= policy.moire:
                after = replace(after, cues=tuple({*after.cues, "moire"}))
            if record.faces and not _same_person(record.faces[0], sample, engine, policy):
                after = fail(after, "liveness_person_changed")
            elif not record.faces:
                portrait = index
            if kind is not None:
                record = replace(record, faces=(*record.faces, sample))
        record = replace(record, progress=after)
    return record, portrait


def _unusable(frame: Frame, before: Progress, policy: LivenessPolicy) -> Hint | None:
    """What is wrong with light or sharpness, or covers the face, in the frame others are held against."""
    if frame.face is None or before.frames > policy.quality.insist_frames:
        return None
    codes = assess(frame.image, frame.face, policy.quality)
    return next((code for code in get_args(Hint) if code in codes), None)


def _resumed(record: Record, at_ms: int, policy: LivenessPolicy) -> Record:
    """A page that was closed and opened again counts from zero: the same challenge starts over."""
    late = record.progress.last_ms - at_ms
    if record.progress.state != "continue" or late < _NEW_SESSION_MS:
        return record
    if record.attempts >= policy.max_attempts:
        return replace(record, progress=fail(record.progress, "liveness_timeout"))
    progress = start(record.progress.challenge, record.progress.issued_ms, record.progress.assisted_by)
    return replace(record, progress=progress, attempts=record.attempts + 1, faces=())


def _turning_point(before: Progress, after: Progress) -> FaceKind | None:
    if before.phase == after.phase and before.step == after.step:
        return None
    if after.phase == "return":
        return "moving"
    return "straight" if after.phase in ("act", "done") else None


def _same_person(first: FaceSample, other: FaceSample, engine: FaceEngine, policy: LivenessPolicy) -> bool:
    rate = policy.same_person_straight if other.kind == "straight" else policy.same_person_moving
    return engine.distance(first.embedding, other.embedding) <= engine.calibration.distance("1x1", rate)
