"""Turns a face upright at the place where recognition networks expect it: by eyes, nose and mouth."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.ports import Face, Image

Points = NDArray[np.float64]

# where 112 x 112 networks have eyes, nose tip and corners of the mouth, left to right in the picture
_EXPECTED = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
)
_EXPECTED_SIDE = 112


def align(image: Image, face: Face, side: int) -> Image:
    """``side`` x ``side`` pixels around the face: turned, scaled and shifted, never stretched."""
    there = _EXPECTED * (side / _EXPECTED_SIDE)
    matrix = similarity(five_points(face.landmarks), there)
    return np.asarray(cv2.warpAffine(image, matrix, (side, side), flags=cv2.INTER_LINEAR), dtype=np.uint8)


def five_points(landmarks: Points) -> Points:
    """Middles of the eyes, nose tip, corners of the mouth, of 68 landmarks (iBUG 300-W numbering)."""
    eyes = landmarks[36:42].mean(axis=0), landmarks[42:48].mean(axis=0)
    return np.stack([*eyes, landmarks[30], landmarks[48], landmarks[54]])


def similarity(here: Points, there: Points) -> Points:
    """The 2 x 3 matrix of turn, scale and shift that brings ``here`` nearest to ``there`` (least squares)."""
    middle, goal = here.mean(axis=0), there.mean(axis=0)
    a, b = (here - middle).view(np.complex128).ravel(), (there - goal).view(np.complex128).ravel()
    turn = np.vdot(a, b) / max(float(np.vdot(a, a).real), 1e-12)
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([linear, goal - linear @ middle])
