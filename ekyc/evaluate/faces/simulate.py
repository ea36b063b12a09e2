"""One photo to what the product would see of the same moment: camera frames, a printed portrait.

Frames of one session are far more alike than photos of different days, so templates are not measured on the
latter. What stays unsimulated: other expressions, other years between card and camera.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.image import decode, encode_jpeg
from ekyc.ports import Image

Floats = NDArray[np.float64]
_CHIP_SIDE = 240  # pixels of the shorter side


def session_frame(photo: Image, rng: np.random.Generator) -> Image:
    """The head a little turned, nearer or farther, other light, blur, noise, JPEG."""
    picture = _moved(photo, rng, degrees=6, scale=0.10, corner=0.04).astype(np.float64) / 255
    picture = picture ** rng.uniform(0.8, 1.25) * rng.uniform(0.85, 1.15) * rng.uniform(0.95, 1.05, 3)
    picture *= 1 + _ramp(photo, rng, 0.35)[..., None]
    picture = _blurred(picture, rng.uniform(0.0, 0.9))
    return _camera(picture * 255, rng, noise=(1, 5), quality=(70, 92))


def printed_portrait(photo: Image, rng: np.random.Generator) -> Image:
    """Printed on a card over fine waves, paler, and photographed."""
    picture = _moved(photo, rng, degrees=2, scale=0.04, corner=0.02).astype(np.float64)
    picture = picture * rng.uniform(0.7, 0.9) + rng.uniform(20, 50) + rng.uniform(-10, 10, 3)
    rows, columns = np.mgrid[0 : photo.shape[0], 0 : photo.shape[1]]
    waves = np.sin(columns * rng.uniform(0.2, 0.5) + 3 * np.sin(rows * 0.13))
    picture = _blurred(picture + (waves * rng.uniform(3, 7))[..., None], rng.uniform(0.8, 1.5))
    return _camera(picture, rng, noise=(2, 6), quality=(75, 92))


def chip_portrait(photo: Image, rng: np.random.Generator) -> Image:
    """As small as a chip keeps it, and strongly compressed."""
    scale = min(1.0, _CHIP_SIDE / min(photo.shape[:2]))
    size = (round(photo.shape[1] * scale), round(photo.shape[0] * scale))
    small = np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return decode(encode_jpeg(small, int(rng.integers(45, 70))))


def _moved(photo: Image, rng: np.random.Generator, *, degrees: float, scale: float, corner: float) -> Image:
    """Turned, scaled, shifted and seen a little from the side. corner: share of the width."""
    height, width = photo.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64)
    angle, factor = np.deg2rad(rng.uniform(-degrees, degrees)), 1 + rng.uniform(-scale, scale)
    turn = factor * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([width / 2, height / 2])
    there = (corners - middle) @ turn.T + middle + rng.uniform(-0.03, 0.03, 2) * width
    there += rng.uniform(-corner, corner, (4, 2)) * width
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), there.astype(np.float32))
    moved = cv2.warpPerspective(photo, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, dtype=np.uint8)


def _ramp(photo: Image, rng: np.random.Generator, most: float) -> Floats:
    """Light from one side: from -most/2 to most/2 across the picture."""
    height, width = photo.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width]
    angle = rng.uniform(0, 2 * np.pi)
    ramp = (columns / width - 0.5) * np.cos(angle) + (rows / height - 0.5) * np.sin(angle)
    return np.asarray(ramp * rng.uniform(0, most), dtype=np.float64)


def _blurred(picture: Floats, sigma: float) -> Floats:
    return picture if sigma < 0.3 else np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), dtype=np.float64)


def _camera(
    picture: Floats, rng: np.random.Generator, *, noise: tuple[float, float], quality: tuple[int, int]
) -> Image:
    noisy = picture + rng.normal(0, rng.uniform(*noise), picture.shape)
    return decode(encode_jpeg(np.clip(noisy, 0, 255).astype(np.uint8), int(rng.integers(*quality))))
