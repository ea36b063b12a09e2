"""What a phone's camera sees: a specimen card on a table, drawn so that each fault can be had alone."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # height x width x 3, BGR
WIDTH, HEIGHT = 1080, 1440  # a phone held upright
FRAME = 0.88  # the page's frame: share of the picture's width


def scene(
    card: Picture | None,
    *,
    fill: float = 0.93,
    tilt: float = 1.5,
    light: float = 1.0,
    blur: float = 0.0,
    lamp: float = 0.0,
    shift: float = 0.0,
    table: int = 0,
    seed: int = 1,
) -> Picture:
    """card: flat print, BGR; None shows the table alone. fill: its width over the frame's. tilt: degrees.

    blur: sigma in pixels. lamp: radius of a mirrored lamp over the card's height. shift: pixels to the right.
    table: 0 wood, 1 a dark cloth, 2 a light cloth.
    """
    random = np.random.default_rng(seed)
    picture = _table(table, random)
    if card is not None:
        wide = FRAME * WIDTH * fill
        scale = wide / card.shape[1]
        turn = cv2.getRotationMatrix2D((card.shape[1] / 2, card.shape[0] / 2), tilt, scale)
        turn[:, 2] += (WIDTH / 2 - card.shape[1] / 2 + shift, HEIGHT / 2 - card.shape[0] / 2)
        flat = cv2.warpAffine(card, turn, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
        mask = cv2.warpAffine(_rounded(card.shape[0], card.shape[1]), turn, (WIDTH, HEIGHT))[..., None] / 255
        picture = picture * (1 - mask) + flat * 0.92 * mask
        if lamp:
            spot = np.zeros((HEIGHT, WIDTH), np.float32)
            centre = (int(WIDTH * 0.4), int(HEIGHT / 2))
            cv2.circle(spot, centre, int(lamp * wide / card.shape[1] * card.shape[0]), 1, -1)
            picture = picture + 260 * cv2.GaussianBlur(spot, (0, 0), 8)[..., None]
    if blur:
        picture = cv2.GaussianBlur(picture, (0, 0), blur)
    noisy = picture * light + random.normal(0, 2, (HEIGHT, WIDTH, 1))
    return np.clip(noisy, 0, 255).astype(np.uint8)


def _table(kind: int, random: np.random.Generator) -> NDArray[np.float64]:
    colour = np.array([(70, 105, 150), (60, 50, 45), (205, 210, 214)][kind], np.float64)
    grain = random.normal(0, 1, (HEIGHT // 60, WIDTH // 4))
    smooth = cv2.resize(grain, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return colour + (12, 4, 4)[kind] * smooth[..., None]


def _rounded(height: int, width: int) -> Picture:
    mask = np.zeros((height, width), np.uint8)
    radius = int(0.06 * height)
    cv2.rectangle(mask, (radius, 0), (width - radius, height), 255, -1)
    cv2.rectangle(mask, (0, radius), (width, height - radius), 255, -1)
    for x in (radius, width - radius):
        for y in (radius, height - radius):
            cv2.circle(mask, (x, y), radius, 255, -1)
    return mask
