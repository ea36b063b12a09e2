"""Ratios on 68 landmarks (iBUG 300-W numbering) that follow head turn, eyelids and mouth.

They do not depend on the size of the face. None of them is an angle: compare with the person's own
neutral frames.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # (68, 2) pixels

_RIGHT_EYE = (36, 37, 38, 39, 40, 41)
_LEFT_EYE = (42, 43, 44, 45, 46, 47)


def nose_ratio(points: Points) -> float:
    """Where the nose tip is between the jaw ends, left to right in the picture: 0.5 looks straight.

    In a picture that is not mirrored it rises when the person turns to their own left.
    """
    width = points[16, 0] - points[0, 0]
    return float((points[30, 0] - points[0, 0]) / width) if width > 0 else 0.5


def eye_opening(points: Points) -> float:
    """Mean eye aspect ratio (Soukupova and Cech 2016): 0.25 to 0.45 open, about half of that closed."""
    return (_eye(points, _RIGHT_EYE) + _eye(points, _LEFT_EYE)) / 2


def mouth_opening(points: Points) -> float:
    """Gap between the inner lips over the inner mouth width: below 0.1 closed, above 0.45 open."""
    return _length(points, 62, 66) / max(_length(points, 60, 64), 1e-6)


def _eye(points: Points, index: tuple[int, ...]) -> float:
    height = _length(points, index[1], index[5]) + _length(points, index[2], index[4])
    return height / max(2 * _length(points, index[0], index[3]), 1e-6)


def _length(points: Points, a: int, b: int) -> float:
    return float(np.linalg.norm(points[a] - points[b]))
