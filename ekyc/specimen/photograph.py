"""Photographs a flat card as a phone would: pose, table, light, lens, sensor, JPEG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.specimen.laying import lay
from ekyc.specimen.pose import card_corners
from ekyc.specimen.surfaces import Floats, noise, surface

Level = Literal["easy", "ordinary", "hard"]
LEVELS: tuple[Level, ...] = get_args(Level)
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Conditions:
    """How bad it may get. Angles in degrees, lengths in pixels of the photo, strengths as shares."""

    width: tuple[int, int]
    share: Range
    roll: float
    tilt: float
    light: Range  # fall-off across the picture
    shadow: Range  # of a hand or phone; 0 = none
    glare: Range
    defocus: Range  # sigma
    motion: Range  # length of the smear
    noise: Range  # sigma in grey levels
    quality: tuple[int, int]  # JPEG


CONDITIONS: dict[Level, Conditions] = {
    "easy": Conditions(
        width=(2000, 2400), share=(0.76, 0.9), roll=4, tilt=5, light=(0.02, 0.1), shadow=(0, 0),
        glare=(0, 0), defocus=(0.3, 0.6), motion=(0, 0), noise=(1, 2.5), quality=(90, 95),
    ),
    "ordinary": Conditions(
        width=(1800, 2200), share=(0.66, 0.86), roll=15, tilt=14, light=(0.08, 0.28), shadow=(0, 0.25),
        glare=(0.05, 0.35), defocus=(0.7, 1.2), motion=(0, 2.5), noise=(2.5, 5), quality=(80, 90),
    ),
    "hard": Conditions(
        width=(1600, 2000), share=(0.55, 0.8), roll=30, tilt=26, light=(0.2, 0.45), shadow=(0.15, 0.45),
        glare=(0.4, 0.8), defocus=(1.4, 2.0), motion=(2.5, 5), noise=(5, 9), quality=(62, 78),
    ),
}  # fmt: skip


def photograph(card: NDArray[np.uint8], level: Level, seed: int) -> bytes:
    """JPEG photo of any flat card picture (H x W x 3, RGB), 4:3, 1600 to 2400 pixels wide.

    The same card, level and seed always give the same bytes.
    """
    rng = np.random.default_rng((LEVELS.index(level), seed))
    conditions = CONDITIONS[level]
    width = int(rng.integers(conditions.width[0], conditions.width[1] + 1)) // 4 * 4
    height = width * 3 // 4
    corners = card_corners(
        (width, height),
        card.shape[1] / card.shape[0],
        rng.uniform(*conditions.share),
        rng.uniform(-conditions.roll, conditions.roll),
        (rng.uniform(-conditions.tilt, conditions.tilt), rng.uniform(-conditions.tilt, conditions.tilt)),
        (rng.uniform(-1, 1), rng.uniform(-1, 1)),
    )
    scene = lay(surface(rng, height, width), card, corners, rng)
    scene *= _light(rng, conditions, height, width)[..., None] * _colour_cast(rng)
    scene = _glare(rng, scene, corners, rng.uniform(*conditions.glare))
    scene = _lens(rng, scene, rng.uniform(*conditions.defocus), rng.uniform(*conditions.motion))
    return _sensor(rng, scene, rng.uniform(*conditions.noise), int(rng.integers(*conditions.quality)))


def _light(rng: np.random.Generator, conditions: Conditions, height: int, width: int) -> Floats:
    """Brightness, height x width: a fall-off to one side, a soft shadow, slow unevenness."""
    angle = rng.uniform(0, 2 * np.pi)
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :] * np.float32(np.cos(angle))
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * np.float32(np.sin(angle))
    fall = np.float32(rng.uniform(*conditions.light))
    light = 1 - fall * (x + y + 1.4) / 2.8 + np.float32(0.2) * fall * noise(rng, height, width, 3, 4)
    edge, side = rng.uniform(-0.5, 0.7), rng.uniform(0, 2 * np.pi)
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :] * np.float32(np.cos(side)) + np.linspace(
        -1, 1, height, dtype=np.float32
    )[:, None] * np.float32(np.sin(side))
    shade = 1 / (1 + np.exp(-(across - np.float32(edge)) / np.float32(rng.uniform(0.05, 0.2))))
    lit: Floats = (light * (1 - np.float32(rng.uniform(*conditions.shadow)) * shade)).astype(np.float32)
    return lit


def _colour_cast(rng: np.random.Generator) -> Floats:
    warmth = rng.uniform(-0.05, 0.05)
    return np.array([1 + warmth, 1, 1 - warmth], np.float32)


def _glare(rng: np.random.Generator, scene: Floats, corners: NDArray[np.float32], strength: float) -> Floats:
    """A lamp mirrored in the lamination somewhere on the card, screened over the picture."""
    along, down = rng.uniform(0.1, 0.9, 2)
    top = corners[0] + (corners[1] - corners[0]) * along
    bottom = corners[3] + (corners[2] - corners[3]) * along
    centre = top + (bottom - top) * down
    card_width = float(np.linalg.norm(corners[1] - corners[0]))
    axes = card_width * rng.uniform(0.05, 0.12), card_width * rng.uniform(0.03, 0.07)
    angle = rng.uniform(0, np.pi)
    y, x = np.mgrid[0 : scene.shape[0], 0 : scene.shape[1]].astype(np.float32)
    u = ((x - centre[0]) * np.cos(angle) + (y - centre[1]) * np.sin(angle)) / axes[0]
    v = (-(x - centre[0]) * np.sin(angle) + (y - centre[1]) * np.cos(angle)) / axes[1]
    spot = np.exp(-(u * u + v * v) / 2).astype(np.float32) * np.float32(strength)
    glared: Floats = scene + (np.float32(255) - np.minimum(scene, 255)) * spot[..., None]
    return glared


def _lens(rng: np.random.Generator, scene: Floats, defocus: float, motion: float) -> Floats:
    blurred = cv2.GaussianBlur(scene, (0, 0), defocus)
    if motion >= 1:
        blurred = cv2.filter2D(blurred, -1, _smear(motion, rng.uniform(0, np.pi)))
    return np.asarray(blurred, np.float32)


def _smear(length: float, angle: float) -> Floats:
    """Kernel of a straight hand movement."""
    kernel = np.zeros((15, 15), np.float32)
    for step in np.linspace(-length / 2, length / 2, 41):
        x, y = 7 + step * np.cos(angle), 7 + step * np.sin(angle)
        kernel[round(y), round(x)] += 1
    total: Floats = kernel / kernel.sum()
    return total


def _sensor(rng: np.random.Generator, scene: Floats, sigma: float, quality: int) -> bytes:
    grain = rng.standard_normal(scene.shape, dtype=np.float32) * np.float32(sigma)
    pixels = np.clip(scene + grain, 0, 255).round().astype(np.uint8)
    done, jpeg = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    assert done
    return jpeg.tobytes()
