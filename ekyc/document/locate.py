"""Finds the card in a photo: a small network marks its pixels, edges in the photo give the exact sides."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.document.geometry import ASPECT, Quad, card_width, clockwise, landscape, side_lengths
from ekyc.document.sides import refine
from ekyc.errors import EkycError
from ekyc.ports import Image
from ekyc.reader.session import session

MIN_WIDTH = 700  # pixels of the card in the photo; print is beyond reading below
_NET_LONG = 256  # pixels of the network's longer side; its sides are multiples of 16
_LEAST_AREA = 0.02  # of the photo
_SCAN_AREA = 0.82  # of a picture with a card's own shape: a scan without a table around it
_OUTSIDE = 0.012  # of the card's width that a corner may lie outside the photo
_TOUCH = 0.10  # of the card's outline that may run along the photo's border
_ASPECTS = (1.05, 2.4)

Mask = NDArray[np.float32]


def locate(photo: Image) -> Quad:
    """The card's corners in a photo (H x W x 3 RGB), clockwise, a long side first.

    Which of the two long sides is the top is not known yet.
    Raises EkycError: card_not_found, card_cut_off, card_too_small.
    """
    height, width = photo.shape[:2]
    mask = card_mask(photo)
    if _is_scan(mask, width / height):
        quad = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
        return _checked_size(landscape(quad))
    outline = _outline(mask)
    scale = np.array([width / mask.shape[1], height / mask.shape[0]], np.float32)
    rough = clockwise(_four_corners(outline) * scale)
    touching = _touches(outline, mask.shape)
    cell = float(scale.max())
    quad = landscape(refine(photo, refine(photo, rough, reach=3.5 * cell), reach=cell))
    _check_shape(quad)
    if touching or _outside(quad, width, height):
        raise EkycError("card_cut_off")
    return _checked_size(quad)


def card_mask(photo: Image) -> Mask:
    """Probability that each cell of the photo belongs to a card; about 128 cells on the longer side."""
    height, width = photo.shape[:2]
    scale = _NET_LONG / max(height, width)
    size = (max(64, round(width * scale / 16) * 16), max(64, round(height * scale / 16) * 16))
    x = cv2.resize(photo, size, interpolation=cv2.INTER_AREA).astype(np.float32).transpose(2, 0, 1)
    x = ((x - x.mean()) / (x.std() + 8.0)).astype(np.float32)
    mask: Mask = session("card_mask.onnx").run(None, {"photo": x[None]})[0][0, 0]
    return mask


def _is_scan(mask: Mask, aspect: float) -> bool:
    shape = max(aspect, 1 / aspect)
    return abs(shape / ASPECT - 1) < 0.03 and float((mask > 0.5).mean()) > _SCAN_AREA


def _outline(mask: Mask) -> NDArray[np.float32]:
    """Convex outline of the largest marked region, in cells, (n, 2)."""
    # four times finer than the cells, so that the outline runs between them where the mask says so
    fine = cv2.resize(mask, None, fx=4, fy=4, interpolation=cv2.INTER_LINEAR)
    contours, _ = cv2.findContours((fine > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        raise EkycError("card_not_found", "nothing marked")
    largest = max(contours, key=cv2.contourArea)
    hull = cv2.convexHull(largest)
    area = cv2.contourArea(hull)
    if area < _LEAST_AREA * fine.size or cv2.contourArea(largest) < 0.75 * area:
        raise EkycError("card_not_found", "no convex region of a card's size")
    outline: NDArray[np.float32] = ((hull[:, 0].astype(np.float32) + 0.5) / 4).astype(np.float32)
    return outline


def _four_corners(outline: NDArray[np.float32]) -> Quad:
    """The tightest quadrilateral around the outline: rounded corners become sharp."""
    if len(outline) < 4:
        raise EkycError("card_not_found", "no four sides")
    corners = cv2.approxPolyN(
        outline[:, None], 4, approxCurve=None, epsilon_percentage=-1, ensure_convex=True
    )
    return np.asarray(corners, np.float32).reshape(-1, 2)[:4]


def _touches(outline: NDArray[np.float32], shape: tuple[int, ...]) -> bool:
    """A considerable part of the outline runs along the photo's border."""
    height, width = shape
    following = np.roll(outline, -1, 0)
    lengths = np.linalg.norm(following - outline, axis=1)
    on_border = np.zeros(len(outline), bool)
    for axis, end in ((0, width), (1, height)):
        for border in (0.0, float(end)):
            near = np.abs(outline[:, axis] - border) < 1.0
            on_border |= near & np.roll(near, -1)
    return float(lengths[on_border].sum()) > _TOUCH * float(lengths.sum())


def _check_shape(quad: Quad) -> None:
    lengths = side_lengths(quad)
    aspect = float((lengths[0] + lengths[2]) / max(lengths[1] + lengths[3], 1e-6))
    if not _ASPECTS[0] < aspect < _ASPECTS[1] or not cv2.isContourConvex(quad):
        raise EkycError("card_not_found", f"aspect {aspect:.2f}")


def _outside(quad: Quad, width: int, height: int) -> bool:
    slack = _OUTSIDE * card_width(quad)
    x, y = quad[:, 0], quad[:, 1]
    return bool(
        (x < -slack).any() or (y < -slack).any() or (x > width + slack).any() or (y > height + slack).any()
    )


def _checked_size(quad: Quad) -> Quad:
    width = card_width(quad)
    if width < MIN_WIDTH:
        raise EkycError("card_too_small", f"{width:.0f} pixels wide")
    return quad
