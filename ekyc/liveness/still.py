"""A living face moves a little even while waiting; a photo held up does not."""

from __future__ import annotations

from dataclasses import replace

from ekyc.liveness.progress import Measure, Progress
from ekyc.policy import LivenessPolicy


def watch(progress: Progress, now: Measure, policy: LivenessPolicy) -> tuple[Progress, bool]:
    """Note how much moved; True when nothing did over ``policy.still_frames`` different frames."""
    low = _merge(progress.low or now, now, lowest=True)
    high = _merge(progress.high or now, now, lowest=False)
    progress = replace(progress, low=low, high=high, watched=progress.watched + 1)
    if progress.watched < policy.still_frames:
        return progress, False
    still = (
        high.nose - low.nose < policy.still_nose
        and high.eyes - low.eyes < policy.still_eyes
        and high.mouth - low.mouth < policy.still_mouth
    )
    return replace(progress, low=None, high=None, watched=0), still


def _merge(a: Measure, b: Measure, *, lowest: bool) -> Measure:
    pick = min if lowest else max
    return Measure(pick(a.nose, b.nose), pick(a.eyes, b.eyes), pick(a.mouth, b.mouth))
