"""What people hold before the camera instead of a card, or do to its photo: material to measure cues with."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Box = tuple[float, float, float, float]  # left, top, right, bottom as shares of the card
PORTRAIT: Box = (0.045, 0.32, 0.29, 0.90)
NUMBER: Box = (0.36, 0.33, 0.95, 0.46)


def photocopied(card: Pixels, seed: int) -> Pixels:
    """A black-and-white copy of the card: toner on white paper, a little contrast lost."""
    rng = np.random.default_rng(seed)
    grey = cv2.cvtColor(card, cv2.COLOR_RGB2GRAY).astype(np.float32)
    toner = 255 * (grey / 255) ** np.float32(rng.uniform(0.8, 1.3))
    toner += rng.normal(0, 3, toner.shape).astype(np.float32)
    soft = cv2.GaussianBlur(toner, (0, 0), rng.uniform(0.6, 1.2))
    return np.repeat(np.clip(soft, 0, 255).astype(np.uint8)[..., None], 3, 2)


def recoloured(card: Pixels, seed: int) -> Pixels:
    """A reprint on paper of other colours: the light hues turned, dark print as it was."""
    rng = np.random.default_rng(seed)
    hsv = cv2.cvtColor(card, cv2.COLOR_RGB2HSV).astype(np.float32)
    hsv[..., 0] = (hsv[..., 0] + rng.uniform(40, 140)) % 180
    turned = cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB)
    return np.asarray(turned, np.uint8)


def on_screen(card: Pixels, seed: int) -> Pixels:
    """The card as a phone or monitor shows it: stripes of red, green and blue, dark gaps between pixels.

    Returned larger (3 cells a pixel), so that the camera's own sampling makes the moire.
    """
    rng = np.random.default_rng(seed)
    dots = int(rng.integers(700, 1100))
    size = (dots, round(dots * card.shape[0] / card.shape[1]))
    shown = cv2.resize(card, size, interpolation=cv2.INTER_AREA)
    cells = np.repeat(np.repeat(shown.astype(np.float32), 3, 0), 3, 1)
    stripes = np.full((3, 3, 3), rng.uniform(0.12, 0.3), np.float32)
    for colour in range(3):
        stripes[:, colour, colour] = 1.0
    stripes[2] *= np.float32(rng.uniform(0.35, 0.6))
    tiled = np.tile(stripes, (shown.shape[0], shown.shape[1], 1))
    lit = cells * tiled
    bright = lit * (cells.mean() / max(1.0, float(lit.mean())))
    return np.asarray(np.clip(bright, 0, 255), np.uint8)


def spliced(photo: Pixels, corners: NDArray[np.float32], donor: Pixels, box: Box, seed: int) -> Pixels:
    """The photo with one box of the card replaced by the same box of a flat picture of another card."""
    rng = np.random.default_rng(seed)
    height, width = donor.shape[:2]
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners)
    size = (photo.shape[1], photo.shape[0])
    mask = np.zeros((height, width), np.float32)
    mask[round(box[1] * height) : round(box[3] * height), round(box[0] * width) : round(box[2] * width)] = 1
    alpha = cv2.warpPerspective(cv2.GaussianBlur(mask, (0, 0), 2), matrix, size)[..., None]
    laid = cv2.warpPerspective(donor, matrix, size, flags=cv2.INTER_CUBIC).astype(np.float32)
    inside = alpha[..., 0] > 0.9
    # a careful forger fits brightness and sharpness, not the sensor's noise
    laid = laid * (photo[inside].mean(0) / np.maximum(1, laid[inside].mean(0))).astype(np.float32)
    laid = cv2.GaussianBlur(laid, (0, 0), rng.uniform(0.4, 1.2))
    return np.asarray(np.clip(photo * (1 - alpha) + laid * alpha, 0, 255), np.uint8)
