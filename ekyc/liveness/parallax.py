"""A picture of a face that is turned, flat or bent, shows no parallax between the nose and the face behind.

The move of a flat photo is a homography and that of a bent one keeps every upright line upright, so the tip
of the nose stays on the face's middle line; a real nose leaves it by 0.7 of what the nose ratio changes
(1,576 press photos: slope 0.70; photos bent round a cylinder: 0.2 to 0.45).
"""

from __future__ import annotations

from ekyc.liveness.progress import Measure
from ekyc.policy import LivenessPolicy


def stands_out(now: Measure, policy: LivenessPolicy) -> bool:
    """Does the nose leave the middle line to the side of the turn, as far as a real one does?"""
    side = 1 if now.nose >= 0 else -1
    least = max(policy.depth, policy.depth_share * abs(now.nose))
    return side * now.depth >= least


def is_picture(now: Measure, policy: LivenessPolicy) -> bool:
    """Turned further than is asked for, and still nothing stands out."""
    return abs(now.nose) >= policy.turn and not stands_out(now, policy)
