"""What years in a wallet and a plastic film do to a card's picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.specimen.style import Style
from ekyc.specimen.surfaces import noise

Pixels = NDArray[np.uint8]


def aged(card: Pixels, style: Style) -> Pixels:
    """The side with scratches, dirt and the film's sheen; unchanged for a style without any. RGB."""
    if not style.wear and not style.sheen:
        return card
    rng = np.random.default_rng((0xA9ED, style.seed))
    picture = card.astype(np.float32)
    picture = _sheen(rng, picture, style.sheen)
    picture = _scratches(rng, picture, style.wear)
    picture *= (
        1 - 0.06 * style.wear * np.clip(noise(rng, card.shape[0], card.shape[1], 9, 14), 0, 1)[..., None]
    )
    return np.clip(picture, 0, 255).round().astype(np.uint8)


def _sheen(rng: np.random.Generator, picture: NDArray[np.float32], strength: float) -> NDArray[np.float32]:
    """A broad slanting band in which the film throws back light, slightly coloured as foil is."""
    height, width = picture.shape[:2]
    angle, centre = rng.uniform(-0.6, 0.6), rng.uniform(0.1, 0.9)
    x = (
        np.linspace(0, 1, width, dtype=np.float32)[None, :]
        + np.float32(np.tan(angle)) * np.linspace(-0.3, 0.3, height, dtype=np.float32)[:, None]
    )
    band = np.exp(-(((x - np.float32(centre)) / np.float32(rng.uniform(0.06, 0.18))) ** 2)) * np.float32(
        strength
    )
    light = np.array([255, 255, 255], np.float32) - rng.uniform(0, 30, 3).astype(np.float32)
    return np.asarray(picture + (light - picture) * band[..., None], np.float32)


def _scratches(rng: np.random.Generator, picture: NDArray[np.float32], wear: float) -> NDArray[np.float32]:
    """Thin pale lines across the film."""
    height, width = picture.shape[:2]
    veil = np.zeros((height, width), np.uint8)
    for _ in range(round(14 * wear)):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        length, angle = rng.uniform(60, 500), rng.uniform(0, np.pi)
        end = round(x + length * np.cos(angle)), round(y + length * np.sin(angle))
        cv2.line(veil, (round(x), round(y)), end, int(rng.integers(60, 150)), 1, cv2.LINE_AA)
    alpha = veil.astype(np.float32)[..., None] / np.float32(255)
    return np.asarray(picture + (np.float32(245) - picture) * alpha, np.float32)
