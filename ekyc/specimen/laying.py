"""Lays the picture of a flat card on a table: perspective, rounded corners, the shadow where it touches."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.specimen.layout import CARD_WIDTH, CORNER_RADIUS
from ekyc.specimen.surfaces import Floats

CONTACT = 0.45  # darkness right under the card's edge


def lay(
    table: Floats,
    card: NDArray[np.uint8],
    corners: NDArray[np.float32],
    rng: np.random.Generator,
    contact: float = CONTACT,
) -> Floats:
    """``table`` (H x W x 3) with the card on it. corners: where its own go, its top left first (4 x 2)."""
    height, width = card.shape[:2]
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32) - np.float32(0.5)
    homography = cv2.getPerspectiveTransform(source, corners)
    size = (table.shape[1], table.shape[0])
    # warping samples single points, so a shrinking card must lose its finest detail first
    shrink = width / max(1.0, float(np.linalg.norm(corners[1] - corners[0])))
    soft = cv2.GaussianBlur(card, (0, 0), 0.4 * shrink) if shrink > 1 else card
    laid = cv2.warpPerspective(soft, homography, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpPerspective(_outline(width, height), homography, size).astype(np.float32) / 255
    dx, dy = (float(v) for v in rng.uniform(2, 7, 2))
    moved = cv2.warpAffine(mask, np.array([(1, 0, dx), (0, 1, dy)], np.float32), size)
    under = 1 - np.float32(contact) * cv2.GaussianBlur(moved, (0, 0), 6)
    alpha = mask[..., None]
    result: Floats = np.asarray(table * under[..., None] * (1 - alpha) + laid * alpha, np.float32)
    return result


def _outline(width: int, height: int) -> NDArray[np.uint8]:
    """255 inside a card with ID-1's rounded corners."""
    radius = round(CORNER_RADIUS / CARD_WIDTH * width)
    mask = np.zeros((height, width), np.uint8)
    cv2.rectangle(mask, (radius, 0), (width - radius, height), 255, -1)
    cv2.rectangle(mask, (0, radius), (width, height - radius), 255, -1)
    for x in (radius, width - radius - 1):
        for y in (radius, height - radius - 1):
            cv2.circle(mask, (x, y), radius, 255, -1)
    return mask
