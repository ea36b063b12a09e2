"""Too few pixels to tell people apart."""

from __future__ import annotations

import numpy as np

from ekyc.face.align import five_points
from ekyc.face.quality.chip import View
from ekyc.policy import QualityPolicy


def problem(seen: View, policy: QualityPolicy) -> str | None:
    left, right = five_points(seen.face.landmarks)[:2]
    return "face_too_small" if np.linalg.norm(right - left) < policy.eye_distance else None
