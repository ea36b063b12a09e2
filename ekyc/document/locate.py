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
# level of the mask, and cells from its outline within which an edge may lie
_ATTEMPTS = ((0.5, 3.5), (0.85, 3.5), (0.25, 3.5), (0.5, 7.0), (0.85, 7.0))
_BORDER_CELLS = 1.5  # a side this close to the photo's border may be cut off
_CLEAR = 0.9  # support of every side at which no other level is tried
_LEAST_AREA = 0.02  # of the photo
_SCAN_AREA = 0.82  # of a picture with a card's own shape: a scan without a table around it
_OUTSIDE = 0.012  # of the card's width that a corner may lie outside the photo
_SUPPORTED = 0.9  # of a side on the border of the photo that must show an edge
_ASPECTS = (1.1, 2.3)  # seen at a slant
_WHOLE_ASPECTS = (1.38, 1.8)  # of a card that ends at the border of the photo: hardly slanted

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
    scale = np.array([width / mask.shape[1], height / mask.shape[0]], np.float32)
    rough, quad, support = _best_quad(photo, mask, scale)
    near = _BORDER_CELLS * float(scale.max())
    if _outside(quad, width, height) or _runs_out(rough, quad, support, width, height, near):
        raise EkycError("card_cut_off")
    if not _has_card_shape(quad, *_ASPECTS):
        raise EkycError("card_not_found", "not the shape of a card")
    return _checked_size(landscape(quad))


def _best_quad(
    photo: Image, mask: Mask, scale: NDArray[np.float32]
) -> tuple[Quad, Quad, NDArray[np.float32]]:
    """Rough quad, quad on edges and the support of its sides.

    On a table of the card's own colour the mask leaks or shrinks: of outlines at several levels the one
    whose sides find the most edge is right.
    """
    cell = float(scale.max())
    found = []
    for level, reach in _ATTEMPTS:
        outline = _outline(mask, level)
        if outline is None:
            continue
        rough = clockwise(_four_corners(outline) * scale)
        nearer, _ = refine(photo, rough, reach=reach * cell)
        quad, support = refine(photo, nearer, reach=cell)
        found.append((float(support.min()) + float(support.mean()), rough, quad, support))
        if support.min() > _CLEAR:
            break
    if not found:
        raise EkycError("card_not_found", "no convex region of a card's size")
    _, rough, quad, support = max(found, key=lambda item: item[0])
    return rough, quad, support


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


def _outline(mask: Mask, level: float) -> NDArray[np.float32] | None:
    """Convex outline of the largest region above a level, in cells, (n, 2); None when it is no card's."""
    # four times finer than the cells, so that the outline runs between them where the mask says so
    fine = cv2.resize(mask, None, fx=4, fy=4, interpolation=cv2.INTER_LINEAR)
    marked = cv2.copyMakeBorder((fine > level).astype(np.uint8), 12, 12, 12, 12, cv2.BORDER_REPLICATE)
    # threads and specks of doubt around the card are thinner than any card
    marked = cv2.morphologyEx(marked, cv2.MORPH_OPEN, np.ones((25, 25), np.uint8))[12:-12, 12:-12]
    contours, _ = cv2.findContours(marked, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    largest = max(contours, key=cv2.contourArea)
    hull = cv2.convexHull(largest)
    area = cv2.contourArea(hull)
    if len(hull) < 4 or area < _LEAST_AREA * fine.size or cv2.contourArea(largest) < 0.75 * area:
        return None
    outline: NDArray[np.float32] = ((hull[:, 0].astype(np.float32) + 0.5) / 4).astype(np.float32)
    return outline


def _four_corners(outline: NDArray[np.float32]) -> Quad:
    """The tightest quadrilateral around the outline: rounded corners become sharp."""
    corners = cv2.approxPolyN(
        outline[:, None], 4, approxCurve=None, epsilon_percentage=-1, ensure_convex=True
    )
    return np.asarray(corners, np.float32).reshape(-1, 2)[:4]


def _runs_out(
    rough: Quad, quad: Quad, support: NDArray[np.float32], width: int, height: int, near: float
) -> bool:
    """A side lies on the photo's border, and no edge is there or a card's shape is not complete."""
    for i in range(4):
        a, b = rough[i], rough[(i + 1) % 4]
        at_border = any(
            abs(a[axis] - border) < near and abs(b[axis] - border) < near
            for axis, end in ((0, width), (1, height))
            for border in (0, end)
        )
        if at_border and (support[i] < _SUPPORTED or not _has_card_shape(quad, *_WHOLE_ASPECTS)):
            return True
    return False


def _has_card_shape(quad: Quad, least: float, most: float) -> bool:
    lengths = side_lengths(landscape(quad))
    aspect = float((lengths[0] + lengths[2]) / max(lengths[1] + lengths[3], 1e-6))
    return least < aspect < most and bool(cv2.isContourConvex(quad.astype(np.float32)))


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
