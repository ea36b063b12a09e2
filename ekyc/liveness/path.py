"""A movement is a path there and back: photos shown one after the other jump, shuffled frames zigzag."""

from __future__ import annotations

from dataclasses import replace

from ekyc.liveness.movement import extent, passage
from ekyc.liveness.progress import Measure, Progress
from ekyc.policy import LivenessPolicy


def follow(progress: Progress, now: Measure, policy: LivenessPolicy) -> Progress:
    """Note how far the action has gone in this frame, and how far it has moved since it was asked for."""
    action = progress.challenge[progress.step]
    far, limits = extent(action, now), passage(action, policy)
    if abs(far - progress.reached) >= limits.short:  # less is the landmarks' own unrest
        travelled = progress.travelled + abs(far - progress.reached)
        progress = replace(progress, reached=round(far, 4), travelled=round(travelled, 4))
    known = any(abs(far - value) < limits.short / 2 for value in progress.passed)
    if far < limits.start or known:
        return progress
    return replace(progress, passed=(*progress.passed, round(far, 4)))


def moved(progress: Progress, at_ms: int, policy: LivenessPolicy) -> bool:
    """Was it a movement? Asked when it is over; at_ms: the client's clock."""
    action, furthest = progress.challenge[progress.step], max(progress.passed)
    if progress.travelled > policy.zigzag * furthest and action != "blink":
        return False
    if action == "blink" and at_ms - progress.acted_ms <= policy.blink_ms:
        return True
    limits = passage(action, policy)
    return sum(value <= furthest - limits.short for value in progress.passed) >= limits.values
