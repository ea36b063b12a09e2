"""Could a quadrilateral be a card seen by a camera? After Zhang and He, "Whiteboard scanning" (2007)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ekyc.document.geometry import ASPECT, Quad, landscape

# of the photo's longer side: phones' lenses, and room for photos that were cropped
_FOCAL_LENGTHS = np.array((0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0))
Floats = NDArray[np.float64]
_STRETCHES = np.linspace(0.7, 1.35, 53)


def shape_error(quad: Quad, frame: tuple[int, int]) -> float:
    """How far the flat shape behind the quad is from a card's: in the sides' ratio, or off the right angle.

    0.05 is five percent, or a cosine of 0.05; the lens that suits the quad best is assumed.
    frame: width and height of the photo in pixels.
    """
    points = np.ones((4, 3))
    points[:, :2] = landscape(quad) - np.array(frame) / 2
    m1, m2, m4, m3 = points  # top left, top right, bottom right, bottom left
    across, down = np.dot(np.cross(m2, m4), m3), np.dot(np.cross(m3, m4), m2)
    if abs(across) < 1e-9 or abs(down) < 1e-9:
        return 1.0
    n2 = np.dot(np.cross(m1, m4), m3) / across * m2 - m1
    n3 = np.dot(np.cross(m1, m4), m2) / down * m3 - m1
    focal = (_FOCAL_LENGTHS * max(frame)) ** 2

    def dot(a: Floats, b: Floats) -> Floats:
        return np.asarray((a[0] * b[0] + a[1] * b[1]) / focal + a[2] * b[2])

    width, height = np.sqrt(dot(n2, n2)), np.sqrt(dot(n3, n3))
    if min(width.min(), height.min()) < 1e-12:
        return 1.0
    ratio = np.abs(np.log(width / height / ASPECT))
    slant = np.abs(dot(n2, n3) / (width * height))
    return float(np.maximum(ratio, slant).min())


def stretched(quad: Quad, frame: tuple[int, int]) -> Iterator[Quad]:
    """For each side the quad with that side moved to where a card's would be, the other three being right."""
    for side in range(4):
        ways = [_moved(quad, side, float(stretch)) for stretch in _STRETCHES]
        yield min(ways, key=lambda way: shape_error(way, frame))


def _moved(quad: Quad, side: int, stretch: float) -> Quad:
    """Both ends of a side moved along the sides that meet it."""
    moved = quad.copy()
    a, b = side, (side + 1) % 4
    moved[a] = quad[a - 1] + (quad[a] - quad[a - 1]) * np.float32(stretch)
    moved[b] = quad[(b + 1) % 4] + (quad[b] - quad[(b + 1) % 4]) * np.float32(stretch)
    return moved
