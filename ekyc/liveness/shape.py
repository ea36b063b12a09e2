"""What one frame's landmarks say (iBUG 300-W numbering), beside ``face.measures``. Pure.

Lengths are in distances between the eyes, after the head's tilt has been taken out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ekyc.face.measures import eye_opening, mouth_opening, nose_ratio
from ekyc.liveness.progress import Measure

Points = NDArray[np.float64]  # (68, 2) pixels


def measure(points: Points) -> Measure:
    """Everything the judge compares with the person's own neutral frames."""
    level = _level(points)
    return Measure(
        nose_ratio(points),
        eye_opening(points),
        mouth_opening(points),
        _pitch(level),
        eye_distance(points),
        _depth(level),
    )


def eye_distance(points: Points) -> float:
    """Between the middles of the eyes, in pixels: steadier than a detector's box, which jumps by a fifth."""
    return max(float(np.linalg.norm(points[42:48].mean(axis=0) - points[36:42].mean(axis=0))), 1e-6)


def _level(points: Points) -> Points:
    """Origin between the eyes, eyes level, one eye distance long."""
    right, left = points[36:42].mean(axis=0), points[42:48].mean(axis=0)
    along = (left - right) / eye_distance(points)
    turn = np.array([[along[0], along[1]], [-along[1], along[0]]])
    moved: Points = (points - (right + left) / 2) @ turn.T / eye_distance(points)
    return moved


def _pitch(level: Points) -> float:
    """Nose tip below the ends of the jaw at the ears: it sinks, and they rise, when the chin goes down."""
    return float(level[30, 1] - (level[0, 1] + level[16, 1]) / 2)


def _depth(level: Points) -> float:
    """How far the nose tip stands to the right of the face's middle line, mean of two such lines.

    On a picture of a face, flat or bent, tip and line turn together; a real nose stands out of its face.
    """
    mouth = level[[51, 57, 62, 66]].mean(axis=0)
    bridge = (level[39] + level[42]) / 2
    return (_beside(level[30], level[27], level[8]) + _beside(level[30], bridge, mouth)) / 2


def _beside(point: Points, top: Points, bottom: Points) -> float:
    height = float(bottom[1] - top[1])
    share = (point[1] - top[1]) / height if abs(height) > 1e-6 else 0.0
    return float(point[0] - (top[0] + share * (bottom[0] - top[0])))
