"""The face upright on 112 x 112 pixels, where eyes, nose and mouth are at known places."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.face.align import align
from ekyc.ports import Face, Image

SIDE = 112
Box = tuple[int, int, int, int]  # top, bottom, left, right
WHOLE = (24, 104, 24, 88)
HALVES = (40, 100, 22, 56), (40, 100, 56, 90)
EYES = (46, 58, 30, 47), (46, 58, 65, 82)
CHEEKS = (62, 76, 26, 42), (62, 76, 70, 86)
NOSE_BRIDGE = (48, 62, 51, 61)
MOUTH_AND_CHIN = (80, 106, 40, 72)


@dataclass(frozen=True, slots=True)
class View:
    """faces: in the picture, this one among them. luma: brightness. chroma: Cr and Cb. All 0 to 255."""

    face: Face
    faces: tuple[Face, ...]
    luma: NDArray[np.uint8]
    chroma: NDArray[np.uint8]


def view(image: Image, face: Face, faces: tuple[Face, ...] = ()) -> View:
    chip = align(image, face, SIDE)
    colours = np.asarray(cv2.cvtColor(chip, cv2.COLOR_RGB2YCrCb), dtype=np.uint8)
    return View(face, faces or (face,), np.ascontiguousarray(colours[..., 0]), colours[..., 1:])


def cut(values: NDArray[np.uint8], *boxes: Box) -> NDArray[np.float64]:
    """The pixels in these boxes, a row each."""
    parts = [values[top:bottom, left:right] for top, bottom, left, right in boxes]
    return np.concatenate([part.reshape(-1, *values.shape[2:]) for part in parts]).astype(np.float64)
