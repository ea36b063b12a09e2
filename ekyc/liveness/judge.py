"""The judge: one frame at a time, ``advance(progress, observation) -> progress``. No state, no clock.

``neutral`` (look straight, gives the person's own baseline) -> for each action ``act`` -> ``return``
(back to neutral) -> ``done``. Each rule is a module beside this one. An action that was not seen on its way,
as of photos shown one after the other, is asked for again.
"""

from __future__ import annotations

from dataclasses import astuple, replace

from ekyc.liveness.camera import other_camera
from ekyc.liveness.challenge import Action
from ekyc.liveness.movement import extent, is_back, is_wrong, performed, relative
from ekyc.liveness.parallax import is_picture
from ekyc.liveness.path import follow, moved
from ekyc.liveness.progress import Hint, Measure, Observation, Progress
from ekyc.liveness.still import watch
from ekyc.policy import LivenessPolicy

_DEFAULT = LivenessPolicy()


def start(challenge: tuple[Action, ...], issued_ms: int = 0, assisted_by: str = "") -> Progress:
    """A challenge nobody has answered yet. issued_ms: the server's clock."""
    return Progress(challenge, issued_ms=issued_ms, assisted_by=assisted_by)


def receive(progress: Progress, count: int, policy: LivenessPolicy = _DEFAULT) -> Progress:
    """Count frames before anything is done with them; too many end the challenge."""
    if progress.state != "continue":
        return progress
    progress = replace(progress, frames=progress.frames + count)
    return fail(progress, "liveness_timeout") if progress.frames > policy.max_frames else progress


def fail(progress: Progress, code: str) -> Progress:
    """The same progress, ended with an error code."""
    return replace(progress, phase="failed", code=code, hint="failed", patch="")


def advance(progress: Progress, seen: Observation, policy: LivenessPolicy = _DEFAULT) -> Progress:
    """Judge the next frame. Frames not newer than the last are ignored (a client may send twice).

    Ends in ``failed`` with code liveness_still, liveness_wrong_order, liveness_timeout,
    liveness_camera_changed or face_several.
    """
    if progress.state != "continue" or seen.at_ms <= progress.last_ms:
        return progress
    same = seen.sha256 == progress.last_sha256
    progress = replace(
        progress,
        first_ms=seen.at_ms if progress.first_ms is None else progress.first_ms,
        last_ms=seen.at_ms,
        begun_ms=seen.arrived_ms if progress.begun_ms is None else progress.begun_ms,
        last_sha256=seen.sha256,
        picture=seen.picture if progress.picture == (0, 0) else progress.picture,
        run=progress.run + 1 if same else 1,
    )
    ended = _ended(progress, seen, policy)
    if ended or same:
        return fail(progress, ended) if ended else progress
    return _judge_new(progress, seen, policy)


def _ended(progress: Progress, seen: Observation, policy: LivenessPolicy) -> str | None:
    if other_camera(progress, seen):
        return "liveness_camera_changed"
    if progress.run >= policy.identical_run:
        return "liveness_still"
    theirs = progress.last_ms - (progress.first_ms or 0)
    ours = seen.arrived_ms - (progress.begun_ms or 0)
    if max(theirs, ours) > policy.max_ms:
        return "liveness_timeout"
    return None


def _judge_new(progress: Progress, seen: Observation, policy: LivenessPolicy) -> Progress:
    if seen.measure is None:
        return replace(progress, hint="no_face", several=0)
    if seen.faces > 1:
        progress = replace(progress, hint="one_person", several=progress.several + 1)
        return fail(progress, "face_several") if progress.several >= policy.several_frames else progress
    progress = replace(progress, several=0)
    if seen.face_height < policy.min_face_height:
        return replace(progress, hint="come_closer")
    if progress.baseline is None:
        return _neutral(progress, seen.measure, seen, policy)
    now = relative(seen.measure, progress.baseline)
    progress = follow(progress, now, policy)
    judge = _return if progress.phase == "return" else _act
    return judge(progress, now, seen, policy)


def _neutral(progress: Progress, measure: Measure, seen: Observation, policy: LivenessPolicy) -> Progress:
    """Collect frames until the last few agree; a turned head, open mouth or blink starts over."""
    if abs(measure.nose - 0.5) > policy.turn or measure.mouth > policy.mouth_closed or measure.eyes <= 0:
        return replace(progress, hint="look_straight", samples=())
    samples = (*progress.samples, measure)[-policy.neutral_frames :]
    asked = progress.hint.startswith("face_")  # for better light and the like: until it has come
    progress = replace(progress, hint=progress.hint if asked else "look_straight", samples=samples)
    mean = Measure(*(sum(values) / len(samples) for values in zip(*map(astuple, samples), strict=True)))
    steady = all(
        abs(one.nose - mean.nose) <= policy.straight / 2
        and one.eyes >= policy.eyes_open * mean.eyes
        and abs(one.pitch - mean.pitch) <= policy.level
        and abs(one.size / mean.size - 1) <= policy.closer_passage.start
        for one in samples
    )
    if len(samples) < policy.neutral_frames or not steady:
        return progress
    return _ask(replace(progress, baseline=mean, samples=()), 0, seen)


def _ask(progress: Progress, step: int, seen: Observation) -> Progress:
    """Ask for the action of ``step``, or finish after the last."""
    if step == len(progress.challenge):
        return replace(progress, phase="done", hint="done", patch="")
    progress = replace(progress, step=step, asked_ms=seen.arrived_ms, passed=(), reached=0.0, travelled=0.0)
    return _ask_again(progress)


def _ask_again(progress: Progress) -> Progress:
    hint: Hint = progress.challenge[progress.step]
    return replace(
        progress, phase="act", hint=hint, travelled=0.0, wrong=0, flat=0, low=None, high=None, watched=0
    )


def _return(progress: Progress, now: Measure, seen: Observation, policy: LivenessPolicy) -> Progress:
    action = progress.challenge[progress.step]
    if is_back(action, now, policy):
        done = moved(progress, seen.at_ms, policy)
        return _ask(progress, progress.step + 1, seen) if done else _ask_again(progress)
    near = action == "move_closer" and extent(action, now) > policy.closer_back
    return replace(progress, hint="move_back" if near else "look_straight")


def _act(progress: Progress, now: Measure, seen: Observation, policy: LivenessPolicy) -> Progress:
    wanted = progress.challenge[progress.step]
    if performed(wanted, now, policy):
        if seen.arrived_ms - progress.asked_ms < policy.min_action_ms:
            return replace(progress, hint=wanted)  # sooner than anybody can answer
        return replace(progress, phase="return", hint="look_straight", acted_ms=seen.at_ms)
    progress = replace(
        progress,
        hint=wanted,
        wrong=progress.wrong + is_wrong(wanted, now, policy),
        flat=progress.flat + is_picture(now, policy),
    )
    if progress.wrong >= policy.wrong_frames:
        return fail(progress, "liveness_wrong_order")
    progress, still = watch(progress, now, policy)
    return fail(progress, "liveness_still") if still or progress.flat >= policy.flat_frames else progress
