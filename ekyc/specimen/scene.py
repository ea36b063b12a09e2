"""Photographs a card as people really lay it: any turn, a full table, fingers, shadows, lamps, other cards.

``photograph`` makes photos that grow harder in everything at once; here each difficulty is chosen by
itself, and where the card lies is known, so that finding it can be measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.specimen.laying import CONTACT, lay
from ekyc.specimen.layout import CARD_WIDTH
from ekyc.specimen.pose import card_corners
from ekyc.specimen.surfaces import Floats, noise, surface
from ekyc.specimen.things import add_fingers, add_things

Pixels = NDArray[np.uint8]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a photo is like. Angles in degrees, strengths 0..1, places as shares of the card's sides.

    share: of the photo's width that the card takes. colour: of a plain table, else any surface. shadow: a
    straight hard edge across the card. glare: where a lamp is mirrored, and its size in millimetres. things:
    that lie about. exposure: 1 is right. defocus: sigma in pixels.
    """

    frame: tuple[int, int] = (2000, 1500)
    share: float = 0.7
    roll: float = 0.0
    tilt: tuple[float, float] = (0.0, 0.0)
    shift: tuple[float, float] = (0.0, 0.0)
    colour: tuple[int, int, int] | None = None
    contact: float = CONTACT
    things: int = 0
    fingers: int = 0
    shadow: float = 0.0
    glare: Point | None = None
    glare_mm: float = 8.0
    exposure: float = 1.0
    defocus: float = 0.6
    grain: float = 3.0
    quality: int = 88


def shoot(
    card: Pixels, scene: Scene, seed: int, others: Sequence[Pixels] = ()
) -> tuple[bytes, NDArray[np.float32]]:
    """JPEG of the scene, and the card's corners in it (its own top left first, clockwise; 4 x 2).

    others: further cards beside it, as far as the frame has room. The same arguments give the same bytes.
    """
    rng = np.random.default_rng(seed)
    width, height = scene.frame
    aspect = card.shape[1] / card.shape[0]
    corners = card_corners(scene.frame, aspect, scene.share, scene.roll, scene.tilt, scene.shift)
    picture = _surface(rng, scene)
    add_things(rng, picture, scene.things)
    for number, other in enumerate(others):
        picture = lay(picture, other, _beside(corners, number), rng, scene.contact)
    picture = lay(picture, card, corners, rng, scene.contact)
    add_fingers(rng, picture, corners, scene.fingers)
    picture = picture * _light(rng, scene, corners)[..., None]
    if scene.glare is not None:
        picture = _mirror_lamp(picture, corners, scene.glare, scene.glare_mm)
    seen = cv2.GaussianBlur(picture * np.float32(scene.exposure), (0, 0), max(0.3, scene.defocus))
    grain = rng.standard_normal((height, width, 3), dtype=np.float32) * np.float32(scene.grain)
    pixels = np.clip(seen + grain, 0, 255).round().astype(np.uint8)
    options = [cv2.IMWRITE_JPEG_QUALITY, scene.quality]
    _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
    return jpeg.tobytes(), corners


def _surface(rng: np.random.Generator, scene: Scene) -> Floats:
    width, height = scene.frame
    if scene.colour is None:
        return surface(rng, height, width)
    shade = 0.02 * noise(rng, height, width, 5, 7) + 0.02 * noise(rng, height, width, 300, 400)
    plain: Floats = (np.array(scene.colour, np.float32) * (1 + shade[..., None])).astype(np.float32)
    return plain


def _beside(corners: NDArray[np.float32], number: int) -> NDArray[np.float32]:
    """Where the next card lies: below the first, then above it."""
    down = (corners[3] + corners[2] - corners[0] - corners[1]) / 2
    moved: NDArray[np.float32] = (corners + down * np.float32(1.08 * (1 if number % 2 == 0 else -1))).astype(
        np.float32
    )
    return moved


def _light(rng: np.random.Generator, scene: Scene, corners: NDArray[np.float32]) -> Floats:
    """Brightness: a mild fall-off, and the hard edge of a shadow through the card where one is asked for."""
    width, height = scene.frame
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    angle = rng.uniform(0, 2 * np.pi)
    fall = 1 - np.float32(0.1) * (x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle)))
    if not scene.shadow:
        return np.asarray(fall, np.float32)
    side = rng.uniform(0, 2 * np.pi)
    centre = corners.mean(0) + rng.uniform(-0.25, 0.25, 2) * (corners[2] - corners[0])
    far = (x * width / 2 + width / 2 - centre[0]) * np.cos(side) + (
        y * height / 2 + height / 2 - centre[1]
    ) * np.sin(side)
    edge = 1 / (1 + np.exp(-np.clip(far / rng.uniform(2, 25), -30, 30)))
    return np.asarray(fall * (1 - np.float32(scene.shadow) * edge), np.float32)


def _mirror_lamp(picture: Floats, corners: NDArray[np.float32], place: Point, size_mm: float) -> Floats:
    """A round lamp mirrored in the lamination: burnt out in the middle, fading outside."""
    unit = float(np.linalg.norm(corners[1] - corners[0])) / CARD_WIDTH
    top = corners[0] + (corners[1] - corners[0]) * place[0]
    bottom = corners[3] + (corners[2] - corners[3]) * place[0]
    centre = top + (bottom - top) * place[1]
    y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    away = np.hypot(x - centre[0], y - centre[1]) / np.float32(size_mm / 2 * unit)
    spot = np.clip(1.6 * np.exp(-(away**2) / 2.2), 0, 1)[..., None]
    lit: Floats = np.asarray(picture + (255 - np.minimum(picture, 255)) * spot, np.float32)
    return lit
