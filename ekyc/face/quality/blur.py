"""Out of focus or moved: little of the picture's contrast is between neighbouring pixels."""

from __future__ import annotations

import cv2
import numpy as np

from ekyc.face.quality.chip import WHOLE, View, cut
from ekyc.policy import QualityPolicy


def problem(seen: View, policy: QualityPolicy) -> str | None:
    return "face_blurred" if sharpness(seen) < policy.sharpness else None


def sharpness(seen: View) -> float:
    """Variance of the Laplacian, noise smoothed, over the variance of the brightness."""
    top, bottom, left, right = WHOLE
    edges = np.asarray(cv2.Laplacian(cv2.GaussianBlur(seen.luma, (0, 0), 0.8), cv2.CV_64F))
    return float(edges[top:bottom, left:right].var() / max(cut(seen.luma, WHOLE).var(), 1.0))
