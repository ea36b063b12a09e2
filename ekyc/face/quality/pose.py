"""Turned away, or the head tilted to the shoulder."""

from __future__ import annotations

import numpy as np

from ekyc.face.align import five_points
from ekyc.face.measures import nose_ratio
from ekyc.face.quality.chip import View
from ekyc.policy import QualityPolicy


def problem(seen: View, policy: QualityPolicy) -> str | None:
    left, right = five_points(seen.face.landmarks)[:2]
    across, down = right - left
    tilted = abs(float(np.degrees(np.arctan2(down, across)))) > policy.tilt
    return "face_turned" if tilted or abs(nose_ratio(seen.face.landmarks) - 0.5) > policy.turn else None
