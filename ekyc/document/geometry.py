"""Quadrilaterals in pictures. Points are (x, y) in pixels; corners run clockwise as seen."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.ports import Image

WIDTH, HEIGHT = 1586, 1000  # pixels of a rectified card: 18.53 a millimetre
ASPECT = WIDTH / HEIGHT

Quad = NDArray[np.float32]  # (4, 2)


def side_lengths(quad: Quad) -> NDArray[np.float32]:
    """Lengths of the sides 0-1, 1-2, 2-3, 3-0."""
    lengths: NDArray[np.float32] = np.linalg.norm(np.roll(quad, -1, 0) - quad, axis=1).astype(np.float32)
    return lengths


def clockwise(quad: Quad) -> Quad:
    """The same corners in clockwise order (y grows downwards), starting at the same corner."""
    if cv2.contourArea(quad.astype(np.float32), oriented=True) < 0:
        quad = quad[[0, 3, 2, 1]]
    return np.ascontiguousarray(quad, np.float32)


def landscape(quad: Quad) -> Quad:
    """Start at a corner from which a long side runs, so that the card lies, upright or upside down."""
    lengths = side_lengths(quad)
    return np.roll(quad, -1, 0) if lengths[1] + lengths[3] > lengths[0] + lengths[2] else quad


def card_width(quad: Quad) -> float:
    """Mean length of the two long sides, in pixels of the photo."""
    lengths = side_lengths(landscape(quad))
    return float(lengths[0] + lengths[2]) / 2


def rectify(photo: Image, quad: Quad) -> Image:
    """The card as if scanned: 1000 x 1586 x 3. Corner 0 becomes the top left one."""
    shrink = WIDTH / max(card_width(quad), 1.0)
    if shrink < 0.6:
        # warping only interpolates: fine detail must be averaged before, or it turns to moire
        photo = np.asarray(
            cv2.resize(photo, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8
        )
        quad = quad * np.float32(shrink)
    target = np.array([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    flat = cv2.warpPerspective(
        photo, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat, np.uint8)


def upside_down(card: Image) -> Image:
    """The rectified card turned by 180 degrees."""
    return np.ascontiguousarray(card[::-1, ::-1])
