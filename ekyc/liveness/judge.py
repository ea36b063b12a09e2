"""The judge: one frame at a time, ``advance(progress, observation) -> progress``. No state, no clock.

``neutral`` (look straight, gives the person's own baseline) -> for each action ``act`` -> ``return``
(back to neutral) -> ``done``. Blinks are involuntary, so a blink is never a wrong action. An action that was
not seen on its way, as of photos shown one after the other, is asked for again.
"""

from __future__ import annotations

from dataclasses import replace

from ekyc.liveness.challenge import Action
from ekyc.liveness.progress import Hint, Measure, Observation, Progress
from ekyc.policy import LivenessPolicy, Passage

_DEFAULT = LivenessPolicy()


def start(challenge: tuple[Action, ...], issued_ms: int = 0) -> Progress:
    """A challenge nobody has answered yet. issued_ms: the server's clock."""
    return Progress(challenge, issued_ms=issued_ms)


def receive(progress: Progress, count: int, policy: LivenessPolicy = _DEFAULT) -> Progress:
    """Count frames before anything is done with them; too many end the challenge."""
    if progress.state != "continue":
        return progress
    progress = replace(progress, frames=progress.frames + count)
    return fail(progress, "liveness_timeout") if progress.frames > policy.max_frames else progress


def fail(progress: Progress, code: str) -> Progress:
    """The same progress, ended with an error code."""
    return replace(progress, phase="failed", code=code, hint="failed")


def advance(progress: Progress, seen: Observation, policy: LivenessPolicy = _DEFAULT) -> Progress:
    """Judge the next frame. Frames not newer than the last are ignored (a client may send twice).

    Ends in ``failed`` with code liveness_still, liveness_wrong_order, liveness_timeout or face_several.
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
        run=progress.run + 1 if same else 1,
    )
    ended = _ended(progress, seen, policy)
    if ended or same:
        return fail(progress, ended) if ended else progress
    return _judge_new(progress, seen, policy)


def _ended(progress: Progress, seen: Observation, policy: LivenessPolicy) -> str | None:
    if progress.run >= policy.identical_run:
        return "liveness_still"
    theirs = progress.last_ms - (progress.first_ms or 0)
    ours = seen.arrived_ms - (progress.begun_ms or 0)
    if max(theirs, ours) > policy.max_ms:
        return "liveness_timeout"
    return None


def _judge_new(progress: Progress, seen: Observation, policy: LivenessPolicy) -> Progress:
    if seen.faces == 0:
        return replace(progress, hint="no_face", several=0)
    if seen.faces > 1:
        progress = replace(progress, hint="one_person", several=progress.several + 1)
        return fail(progress, "face_several") if progress.several >= policy.several_frames else progress
    progress = replace(progress, several=0)
    if seen.face_height < policy.min_face_height:
        return replace(progress, hint="come_closer")
    measure = Measure(seen.nose_ratio, seen.eye_opening, seen.mouth_opening)
    if progress.baseline is None:
        return _neutral(progress, measure, seen, policy)
    now = _relative(measure, progress.baseline)
    progress = _passing(progress, now, policy)
    judge = _return if progress.phase == "return" else _act
    return judge(progress, now, seen, policy)


def _relative(measure: Measure, own: Measure) -> Measure:
    """Nose and mouth as differences from the person's own neutral, eyes as a ratio."""
    return Measure(measure.nose - own.nose, measure.eyes / own.eyes, measure.mouth - own.mouth)


def _neutral(progress: Progress, measure: Measure, seen: Observation, policy: LivenessPolicy) -> Progress:
    """Collect frames until the last few agree; a turned head, open mouth or blink starts over."""
    if abs(measure.nose - 0.5) > policy.turn or measure.mouth > policy.mouth_closed or measure.eyes <= 0:
        return replace(progress, hint="look_straight", samples=())
    samples = (*progress.samples, measure)[-policy.neutral_frames :]
    progress = replace(progress, hint="look_straight", samples=samples)
    mean = Measure(*(sum(values) / len(samples) for values in zip(*map(_values, samples), strict=True)))
    steady = all(
        abs(one.nose - mean.nose) <= policy.straight / 2 and one.eyes >= policy.eyes_open * mean.eyes
        for one in samples
    )
    if len(samples) < policy.neutral_frames or not steady:
        return progress
    return _ask(replace(progress, baseline=mean, samples=()), 0, seen)


def _values(measure: Measure) -> tuple[float, float, float]:
    return measure.nose, measure.eyes, measure.mouth


def _ask(progress: Progress, step: int, seen: Observation) -> Progress:
    """Ask for the action of ``step``, or finish after the last."""
    if step == len(progress.challenge):
        return replace(progress, phase="done", hint="done")
    progress = replace(progress, step=step, asked_ms=seen.arrived_ms, passed=())
    return _ask_again(progress)


def _ask_again(progress: Progress) -> Progress:
    hint: Hint = progress.challenge[progress.step]
    return replace(progress, phase="act", hint=hint, wrong=0, low=None, high=None, watched=0)


def _return(progress: Progress, now: Measure, seen: Observation, policy: LivenessPolicy) -> Progress:
    blinked = progress.challenge[progress.step] == "blink"
    straight = abs(now.nose) <= policy.straight and now.mouth <= policy.mouth_closed
    if straight and (not blinked or now.eyes >= policy.eyes_open):
        moved = _moved(progress, seen, policy)
        return _ask(progress, progress.step + 1, seen) if moved else _ask_again(progress)
    return replace(progress, hint="look_straight")


def _act(progress: Progress, now: Measure, seen: Observation, policy: LivenessPolicy) -> Progress:
    wanted = progress.challenge[progress.step]
    if _performed(wanted, now, policy):
        if seen.arrived_ms - progress.asked_ms < policy.min_action_ms:
            return replace(progress, hint=wanted)  # sooner than anybody can answer
        return replace(progress, phase="return", hint="look_straight", acted_ms=seen.at_ms)
    progress = replace(progress, hint=wanted, wrong=progress.wrong + _is_wrong(wanted, now, policy))
    if progress.wrong >= policy.wrong_frames:
        return fail(progress, "liveness_wrong_order")
    return _watch(progress, now, policy)


def _performed(action: Action, now: Measure, policy: LivenessPolicy) -> bool:
    if action == "turn_left":
        return now.nose >= policy.turn
    if action == "turn_right":
        return now.nose <= -policy.turn
    if action == "open_mouth":
        return now.mouth >= policy.mouth_open and abs(now.nose) < policy.turn
    # eyelids look narrower on a turned head
    return now.eyes <= policy.blink and abs(now.nose) <= policy.straight


def _extent(action: Action, now: Measure) -> float:
    """How far the action has gone: 0 at neutral."""
    if action == "open_mouth":
        return now.mouth
    if action == "blink":
        return 1 - now.eyes
    return now.nose if action == "turn_left" else -now.nose


def _passage(action: Action, policy: LivenessPolicy) -> Passage:
    if action == "open_mouth":
        return policy.mouth_passage
    return policy.blink_passage if action == "blink" else policy.turn_passage


def _passing(progress: Progress, now: Measure, policy: LivenessPolicy) -> Progress:
    """Note how far the action has gone in this frame, unless that was seen before."""
    action = progress.challenge[progress.step]
    extent, passage = _extent(action, now), _passage(action, policy)
    known = any(abs(extent - value) < passage.short / 2 for value in progress.passed)
    if extent < passage.start or known:
        return progress
    return replace(progress, passed=(*progress.passed, round(extent, 4)))


def _moved(progress: Progress, seen: Observation, policy: LivenessPolicy) -> bool:
    """Was it a movement, and not one picture after another?"""
    action = progress.challenge[progress.step]
    if action == "blink" and seen.at_ms - progress.acted_ms <= policy.blink_ms:
        return True
    passage = _passage(action, policy)
    furthest = max(progress.passed)
    return sum(value <= furthest - passage.short for value in progress.passed) >= passage.values


def _is_wrong(wanted: Action, now: Measure, policy: LivenessPolicy) -> bool:
    if abs(now.nose) >= policy.wrong_turn:
        return True  # the turn that was asked for has been recognised before
    return wanted != "open_mouth" and now.mouth >= policy.wrong_mouth


def _watch(progress: Progress, now: Measure, policy: LivenessPolicy) -> Progress:
    """A living face moves a little even while waiting; a photo does not."""
    low = _merge(progress.low or now, now, lowest=True)
    high = _merge(progress.high or now, now, lowest=False)
    progress = replace(progress, low=low, high=high, watched=progress.watched + 1)
    if progress.watched < policy.still_frames:
        return progress
    still = (
        high.nose - low.nose < policy.still_nose
        and high.eyes - low.eyes < policy.still_eyes
        and high.mouth - low.mouth < policy.still_mouth
    )
    return fail(progress, "liveness_still") if still else replace(progress, low=None, high=None, watched=0)


def _merge(a: Measure, b: Measure, *, lowest: bool) -> Measure:
    pick = min if lowest else max
    return Measure(pick(a.nose, b.nose), pick(a.eyes, b.eyes), pick(a.mouth, b.mouth))
