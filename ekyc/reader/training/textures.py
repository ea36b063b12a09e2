"""Backgrounds, light and noise, cut from a few large pictures: far cheaper than new ones for every line."""

from __future__ import annotations

import random
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_ROWS, _COLUMNS = 420, 1900


@cache
def guilloches() -> tuple[Floats, ...]:
    """Families of crossing waves, zero mean, about unit swing."""
    g = np.random.default_rng(7)
    return tuple(_guilloche(g) for _ in range(36))


def _guilloche(g: np.random.Generator) -> Floats:
    y, x = np.mgrid[0:_ROWS, 0:_COLUMNS].astype(np.float32)
    out = np.zeros((_ROWS, _COLUMNS), np.float32)
    for _ in range(int(g.integers(1, 5))):
        a = g.uniform(0, np.pi)
        along, across = x * np.cos(a) + y * np.sin(a), -x * np.sin(a) + y * np.cos(a)
        phase = across + g.uniform(2, 30) * np.sin(along / g.uniform(25, 160) + g.uniform(0, 6))
        wave = np.cos(2 * np.pi * phase / g.uniform(5, 26))
        lines = np.where(wave > g.uniform(0.5, 0.9), -1.0, 0.15) if g.random() < 0.6 else wave * 0.6
        out += (g.uniform(0.3, 1) * lines).astype(np.float32)
    slow = cv2.resize(
        g.normal(0, 1, (6, 20)).astype(np.float32), (_COLUMNS, _ROWS), interpolation=cv2.INTER_CUBIC
    )
    soft = cv2.GaussianBlur(out, (0, 0), float(g.uniform(0.5, 1.3))) + g.uniform(0, 1.2) * slow
    even: Floats = ((soft - soft.mean()) / max(0.3, float(np.abs(soft).max()) * 0.6)).astype(np.float32)
    return even


@cache
def noises() -> tuple[Floats, ...]:
    """White and coarser noise of unit strength."""
    g = np.random.default_rng(8)
    white = g.normal(0, 1, (500, 2000)).astype(np.float32)
    coarse = cv2.GaussianBlur(g.normal(0, 1, (500, 2000)).astype(np.float32), (0, 0), 0.9) * 2.6
    return white, np.asarray(coarse, np.float32)


@cache
def shades() -> tuple[Floats, ...]:
    """Slow unevenness of light."""
    g = np.random.default_rng(9)
    grids = (g.normal(0, 1, (8, 24)).astype(np.float32) for _ in range(8))
    return tuple(
        np.asarray(cv2.resize(grid, (2000, 500), interpolation=cv2.INTER_CUBIC), np.float32) for grid in grids
    )


def cut(rng: random.Random, pictures: tuple[Floats, ...], height: int, width: int) -> Floats:
    """A random piece of one of the pictures, enlarged when they are too small."""
    picture = rng.choice(pictures)
    rows, columns = picture.shape
    if height > rows or width > columns:
        return np.asarray(cv2.resize(picture, (max(width, 8), max(height, 8)))[:height, :width], np.float32)
    y, x = rng.randint(0, rows - height), rng.randint(0, columns - width)
    return picture[y : y + height, x : x + width]
