"""What lies under the card in a photo: wood, cloth, or a plain table top."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_WOODS = ((150, 104, 62), (112, 74, 44), (188, 148, 100), (92, 66, 50))
_CLOTHS = ((70, 84, 120), (150, 60, 64), (96, 110, 88), (196, 188, 172))
_TABLES = ((206, 204, 200), (120, 122, 126), (60, 62, 68), (226, 220, 206))


def surface(rng: np.random.Generator, height: int, width: int) -> Floats:
    """One surface by chance: height x width x 3, RGB 0..255."""
    kinds: tuple[Callable[[np.random.Generator, int, int], Floats], ...] = (_wood, _cloth, _table)
    return kinds[rng.integers(len(kinds))](rng, height, width)


def noise(rng: np.random.Generator, height: int, width: int, rows: int, columns: int) -> Floats:
    """Smooth noise, about -1..1, with ``rows`` x ``columns`` bumps."""
    coarse = rng.standard_normal((max(2, rows), max(2, columns))).astype(np.float32)
    smooth: Floats = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    return smooth * np.float32(0.5)


def _tinted(colour: tuple[int, int, int], shade: Floats) -> Floats:
    picture: Floats = np.array(colour, np.float32) * (1 + shade[..., None])
    return picture


def _wood(rng: np.random.Generator, height: int, width: int) -> Floats:
    colour = _WOODS[rng.integers(len(_WOODS))]
    bend = noise(rng, height, width, 4, 3)
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    grain = np.sin(2 * np.pi * rng.uniform(9, 16) * (rows + 0.05 * bend)).astype(np.float32)
    fibres = noise(rng, height, width, height // 3, 12)
    return _tinted(colour, 0.09 * grain + 0.10 * fibres + 0.05 * bend)


def _cloth(rng: np.random.Generator, height: int, width: int) -> Floats:
    colour = _CLOTHS[rng.integers(len(_CLOTHS))]
    pitch = rng.uniform(7, 11)
    x = np.sin(2 * np.pi * np.arange(width, dtype=np.float32) / pitch)
    y = np.sin(2 * np.pi * np.arange(height, dtype=np.float32) / pitch)
    weave: Floats = (y[:, None] * x[None, :]).astype(np.float32)
    return _tinted(
        colour,
        0.10 * weave + 0.08 * noise(rng, height, width, 5, 6) + 0.05 * noise(rng, height, width, 300, 400),
    )


def _table(rng: np.random.Generator, height: int, width: int) -> Floats:
    colour = _TABLES[rng.integers(len(_TABLES))]
    return _tinted(
        colour, 0.03 * noise(rng, height, width, 6, 8) + 0.03 * noise(rng, height, width, 500, 660)
    )
