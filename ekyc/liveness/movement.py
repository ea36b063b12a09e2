"""What counts as each action, measured against the person's own neutral frames. Pure."""

from __future__ import annotations

from ekyc.liveness.challenge import TURNS, Action
from ekyc.liveness.parallax import stands_out
from ekyc.liveness.progress import Measure
from ekyc.policy import LivenessPolicy, Passage


def relative(measure: Measure, own: Measure) -> Measure:
    """Differences from the person's own neutral; eyes and size as ratios to it."""
    return Measure(
        measure.nose - own.nose,
        measure.eyes / own.eyes,
        measure.mouth - own.mouth,
        measure.pitch - own.pitch,
        measure.size / own.size,
        measure.depth - own.depth,
    )


def extent(action: Action, now: Measure) -> float:
    """How far the action has gone: 0 at neutral."""
    values: dict[Action, float] = {
        "turn_left": now.nose,
        "turn_right": -now.nose,
        "nod": now.pitch,
        "blink": 1 - now.eyes,
        "open_mouth": now.mouth,
        "move_closer": now.size - 1,
    }
    return values[action]


def passage(action: Action, policy: LivenessPolicy) -> Passage:
    """What has to be seen on the way."""
    passages: dict[Action, Passage] = {
        "nod": policy.nod_passage,
        "blink": policy.blink_passage,
        "open_mouth": policy.mouth_passage,
        "move_closer": policy.closer_passage,
    }
    return passages.get(action, policy.turn_passage)


def performed(action: Action, now: Measure, policy: LivenessPolicy) -> bool:
    """Has the action gone far enough in this frame?"""
    if action in TURNS:
        return extent(action, now) >= policy.turn and stands_out(now, policy)
    if action == "blink":  # eyelids look narrower on a turned head
        return now.eyes <= policy.blink and abs(now.nose) <= policy.straight
    ends: dict[Action, float] = {
        "nod": policy.nod,
        "open_mouth": policy.mouth_open,
        "move_closer": policy.closer,
    }
    return extent(action, now) >= ends[action] and abs(now.nose) < policy.turn


def is_back(action: Action, now: Measure, policy: LivenessPolicy) -> bool:
    """Is the face straight again, and what this action moved near where it was?"""
    if abs(now.nose) > policy.straight or now.mouth > policy.mouth_closed:
        return False
    if action == "blink":
        return now.eyes >= policy.eyes_open
    if action == "nod":
        return now.pitch <= policy.level
    return action != "move_closer" or extent(action, now) <= policy.closer_back


def is_wrong(wanted: Action, now: Measure, policy: LivenessPolicy) -> bool:
    """Does this frame show another action, done fully?

    A blink is involuntary, and heads sink and phones come nearer by themselves: none of these is wrong.
    """
    if abs(now.nose) >= policy.wrong_turn:
        return extent(wanted, now) < policy.turn if wanted in TURNS else True
    return wanted != "open_mouth" and now.mouth >= policy.wrong_mouth
