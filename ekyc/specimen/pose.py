"""Where the four corners of a card fall in a photo, by a pinhole camera above a table."""

from __future__ import annotations

from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

_MARGIN = 0.97  # share of the picture that the card may span, so that no corner is cut off


def card_corners(
    frame: tuple[int, int],
    aspect: float,
    share: float,
    roll: float,
    tilt: tuple[float, float],
    shift: tuple[float, float],
) -> NDArray[np.float32]:
    """Corners (top left, top right, bottom right, bottom left) in pixels, 4 x 2.

    frame: (width, height) of the photo. share: the card's width in the photo over the photo's width,
    reduced where the card would leave the frame. roll, tilt (about x, about y): degrees.
    shift: -1..1, how far off centre the free room allows.
    """
    flat = _projected(aspect, roll, tilt)
    low, high = flat.min(axis=0), flat.max(axis=0)
    span = high - low
    scale = min(share * frame[0] / _width(flat), *(_MARGIN * np.array(frame) / span))
    room = np.array(frame) - span * scale
    offset = room * (0.5 + 0.5 * _MARGIN * 0.9 * np.array(shift))
    corners: NDArray[np.float32] = ((flat - low) * scale + offset).astype(np.float32)
    return corners


def _width(corners: NDArray[np.float64]) -> float:
    """Mean length of the card's two long edges."""
    return float((np.linalg.norm(corners[1] - corners[0]) + np.linalg.norm(corners[2] - corners[3])) / 2)


def _projected(aspect: float, roll: float, tilt: tuple[float, float]) -> NDArray[np.float64]:
    """Corners of a card one unit wide, seen from 1.7 units away (a phone held over it)."""
    w, h = 0.5, 0.5 / aspect
    points = np.array([(-w, -h, 0.0), (w, -h, 0.0), (w, h, 0.0), (-w, h, 0.0)])
    turned = points @ (_about_z(roll) @ _about_x(tilt[0]) @ _about_y(tilt[1])).T
    distance = 1.7
    projected: NDArray[np.float64] = turned[:, :2] * distance / (distance + turned[:, 2:])
    return projected


def _about_x(degrees: float) -> NDArray[np.float64]:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return np.array([(1, 0, 0), (0, c, -s), (0, s, c)])


def _about_y(degrees: float) -> NDArray[np.float64]:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return np.array([(c, 0, s), (0, 1, 0), (-s, 0, c)])


def _about_z(degrees: float) -> NDArray[np.float64]:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return np.array([(c, -s, 0), (s, c, 0), (0, 0, 1)])
