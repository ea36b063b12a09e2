"""Several views of one line of print that differ as photos of it might, for a vote."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.document.lines import Box

Grey = NDArray[np.uint8]
_SLACK = 0.14  # of the line's height
_SHIFTS = ((0, 0), (-0.05, 0.08))  # of the top and the bottom edge, in the same unit


def looks(grey: Grey, box: Box) -> list[Grey]:
    """The line cut two ways, each as it is, sharpened, and evenly lit; all of one width."""
    m = round(_SLACK * box.height)
    left, right = max(0, box.left - m), box.right + m
    views = []
    for up, down in _SHIFTS:
        top = max(0, box.top - m + round(up * box.height))
        cut = grey[top : box.bottom + m + round(down * box.height), left:right]
        views += [cut, _sharper(cut), _evener(cut)]
    return views


def _sharper(cut: Grey) -> Grey:
    soft = cv2.GaussianBlur(cut, (0, 0), max(1.0, cut.shape[0] / 24))
    return np.asarray(cv2.addWeighted(cut, 1.9, soft, -0.9, 0), np.uint8)


def _evener(cut: Grey) -> Grey:
    """Local contrast made the same everywhere: print under glare is there, but faint."""
    floats = cut.astype(np.float32)
    around = 1.2 * cut.shape[0]
    detail = floats - cv2.GaussianBlur(floats, (0, 0), around)
    spread = np.sqrt(cv2.GaussianBlur(detail * detail, (0, 0), around)) + 6.0
    return np.clip(128 + 45 * detail / spread, 0, 255).astype(np.uint8)
