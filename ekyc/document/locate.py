"""Finds the card in a photo: a small network marks its pixels, edges in the photo give the exact sides."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.document.geometry import ASPECT, Quad, card_width, clockwise, landscape, side_lengths
from ekyc.document.shape import shape_error, stretched
from ekyc.document.sides import Edges, edges_of, refine
from ekyc.errors import EkycError
from ekyc.ports import Image
from ekyc.reader.session import session

MIN_WIDTH = 700  # pixels of the card in the photo; print is beyond reading below
_NET_LONG = 256  # pixels of the network's longer side; its sides are multiples of 16
# level of the mask, cells from its outline within which an edge may lie, and how thick a part has to be to
# count, as a share of the region's size: a sheet that the mask took for more card sticks out of it
_ATTEMPTS = (
    (0.5, 3.5, 0.0),
    (0.85, 3.5, 0.0),
    (0.5, 5.0, 0.58),
    (0.95, 5.0, 0.5),
    (0.25, 3.5, 0.0),
    (0.5, 7.0, 0.0),
)
_BORDER_CELLS = 1.5  # a side this close to the photo's border may be cut off
_CLEAR = 0.9  # support of every side at which, with a card's shape, no other level is tried
_SHAPELY, _OFF_SHAPE = 0.045, 6.0  # error of shape that a true card may have; what more of it costs
# a second card: this sure, of this share of the larger one's area, this far from a card's shape at most
_SURE_CARD, _LEAST_OTHER, _OTHER_SHAPE = 0.8, 0.4, 0.25
_LEAST_AREA = 0.02  # of the photo
# of a picture with a card's own shape: a scan without a table around it; likely one, where no sides are clear
_SCAN_AREA, _LIKELY_SCAN = 0.82, 0.6
_OUTSIDE = 0.012  # of the card's width that a corner may lie outside the photo
_DARK = 50.0  # grey level of the lightest twentieth of the photo
_MOSTLY = 0.6  # of every side that must show an edge where the shape is right
_LEAST_SUPPORT = 0.35  # mean of all sides; less is no card
_SUPPORTED = 0.9  # of a side on the border of the photo that must show an edge
_ASPECTS = (1.1, 2.3)  # seen at a slant
_WHOLE_ASPECTS = (1.38, 1.8)  # of a card that ends at the border of the photo: hardly slanted

Mask = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """rough: from the mask; quad: on the photo's edges; support: of each side; shape: see ``shape_error``."""

    rough: Quad
    quad: Quad
    support: NDArray[np.float32]
    shape: float

    @property
    def score(self) -> float:
        off = _OFF_SHAPE * min(0.5, max(0.0, self.shape - 0.5 * _SHAPELY))
        return float(self.support.min()) + float(self.support.mean()) - off

    @property
    def clear(self) -> bool:
        return self.shape < _SHAPELY and float(self.support.min()) > _CLEAR


def locate(photo: Image) -> Quad:
    """The card's corners in a photo (H x W x 3 RGB), clockwise, a long side first.

    Which of the two long sides is the top is not known yet.
    Raises EkycError: card_not_found, card_too_dark, card_several, card_cut_off, card_too_small.
    """
    height, width = photo.shape[:2]
    mask = card_mask(photo)
    whole = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    scanned = _scanned(mask, width / height)
    if scanned > _SCAN_AREA:
        return _checked_size(landscape(whole))
    best = _best_quad(photo, mask)
    quad = best.quad
    if scanned > _LIKELY_SCAN and not best.clear:
        return _checked_size(landscape(whole))
    if _others(mask, (width, height)):
        raise EkycError("card_several")
    near = _BORDER_CELLS * max(width / mask.shape[1], height / mask.shape[0])
    if _outside(quad, width, height) or _runs_out(best, width, height, near):
        raise EkycError("card_cut_off")
    if not _has_card_shape(quad, *_ASPECTS) or best.support.mean() < _LEAST_SUPPORT:
        raise _not_found(photo, "neither the shape nor the edges of a card")
    return _checked_size(landscape(quad))


def _best_quad(photo: Image, mask: Mask) -> _Candidate:
    """The outline whose sides lie on edges and whose shape is a card's, of those that the mask offers.

    On a table of the card's own colour the mask leaks or shrinks, so outlines at several levels are tried;
    where none has a card's shape, one side of the best is taken to be wrong.
    """
    height, width = photo.shape[:2]
    scale = np.array([width / mask.shape[1], height / mask.shape[0]], np.float32)
    cell = float(scale.max())
    found: list[_Candidate] = []
    edges = None
    for level, reach, thick in _ATTEMPTS:
        outline = _outline(mask, level, thick)
        if outline is None:
            continue
        rough = clockwise(_four_corners(outline) * scale)
        edges = edges or edges_of(photo, rough)
        found.append(_settled(edges, rough, rough, reach * cell, cell, (width, height)))
        if found[-1].clear:
            return found[-1]
    if not found or edges is None:
        raise _not_found(photo, "no convex region of a card's size")
    best = max(found, key=lambda one: one.score)
    # a card that runs out of the photo has no fourth side to look for
    if best.shape > _SHAPELY and not _touches(best.rough, (width, height), _BORDER_CELLS * cell):
        for quad in stretched(best.quad, (width, height)):
            found.append(_settled(edges, best.rough, quad, 2 * cell, cell, (width, height)))
    return max(found, key=lambda one: one.score)


def _not_found(photo: Image, detail: str) -> EkycError:
    """In the dark nothing can be found, whatever lies there."""
    light = float(np.percentile(photo[::8, ::8].max(2), 95))
    return EkycError("card_too_dark" if light < _DARK else "card_not_found", f"{detail}; light {light:.0f}")


def _settled(
    edges: Edges, rough: Quad, start: Quad, reach: float, cell: float, frame: tuple[int, int]
) -> _Candidate:
    nearer, _ = refine(edges, start, reach)
    quad, support = refine(edges, nearer, cell)
    return _Candidate(rough, quad, support, shape_error(quad, frame))


def card_mask(photo: Image) -> Mask:
    """Probability that each cell of the photo belongs to a card; about 128 cells on the longer side."""
    height, width = photo.shape[:2]
    scale = _NET_LONG / max(height, width)
    size = (max(64, round(width * scale / 16) * 16), max(64, round(height * scale / 16) * 16))
    x = cv2.resize(photo, size, interpolation=cv2.INTER_AREA).astype(np.float32).transpose(2, 0, 1)
    x = ((x - x.mean()) / (x.std() + 8.0)).astype(np.float32)
    mask: Mask = session("card_mask.onnx").run(None, {"photo": x[None]})[0][0, 0]
    return mask


def _scanned(mask: Mask, aspect: float) -> float:
    """Share that the card takes of a picture with a card's own shape, 0 in any other."""
    shape = max(aspect, 1 / aspect)
    return float((mask > 0.5).mean()) if abs(shape / ASPECT - 1) < 0.03 else 0.0


def _outline(mask: Mask, level: float, thick: float) -> NDArray[np.float32] | None:
    """Convex outline of the largest region above a level, in cells, (n, 2); None when it is no card's.

    thick: parts thinner than this share of the root of the region's area are left out.
    """
    # four times finer than the cells, so that the outline runs between them where the mask says so
    fine = cv2.resize(mask, None, fx=4, fy=4, interpolation=cv2.INTER_LINEAR)
    marked = cv2.copyMakeBorder((fine > level).astype(np.uint8), 12, 12, 12, 12, cv2.BORDER_REPLICATE)
    # threads and specks of doubt around the card are thinner than any card
    marked = cv2.morphologyEx(marked, cv2.MORPH_OPEN, np.ones((25, 25), np.uint8))[12:-12, 12:-12]
    if thick:
        marked = _opened(np.asarray(marked, np.uint8), thick)
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


def _opened(marked: NDArray[np.uint8], thick: float) -> NDArray[np.uint8]:
    """What a disc of that thickness can reach from inside; a card keeps the straight part of each side."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(marked)
    if len(stats) < 2:
        return marked
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    radius = thick / 2 * float(np.sqrt(stats[largest, cv2.CC_STAT_AREA]))
    # beyond the photo's border the region goes on, or a card that ends there would lose its corners
    pad = int(radius) + 1
    one = cv2.copyMakeBorder((labels == largest).astype(np.uint8), pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    core = (cv2.distanceTransform(one, cv2.DIST_L2, 5) < radius).astype(np.uint8)
    near = cv2.distanceTransform(core, cv2.DIST_L2, 5) < radius
    return np.asarray(near[pad:-pad, pad:-pad], np.uint8)


def _others(mask: Mask, frame: tuple[int, int]) -> bool:
    """A second region of a card's shape, not much smaller than the largest."""
    marked = cv2.morphologyEx((mask > _SURE_CARD).astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    contours, _ = cv2.findContours(marked, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    largest = max((cv2.contourArea(c) for c in contours), default=0.0)
    scale = np.array([frame[0] / mask.shape[1], frame[1] / mask.shape[0]], np.float32)
    shaped = 0
    for contour in contours:
        hull = cv2.convexHull(contour)
        if cv2.contourArea(contour) < max(_LEAST_OTHER * largest, 0.85 * cv2.contourArea(hull), 30.0):
            continue
        quad = clockwise(_four_corners(hull[:, 0].astype(np.float32)) * scale)
        shaped += shape_error(quad, frame) < _OTHER_SHAPE
    return shaped > 1


def _four_corners(outline: NDArray[np.float32]) -> Quad:
    """The tightest quadrilateral around the outline: rounded corners become sharp."""
    corners = cv2.approxPolyN(
        outline[:, None], 4, approxCurve=None, epsilon_percentage=-1, ensure_convex=True
    )
    return np.asarray(corners, np.float32).reshape(-1, 2)[:4]


def _runs_out(best: _Candidate, width: int, height: int, near: float) -> bool:
    """A side lies on the photo's border, and no edge is there or a card's shape is not complete."""
    # a whole card's shape, with most of each edge: only the mask ran on to the border
    if best.shape < _SHAPELY and float(best.support.min()) > _MOSTLY:
        return False
    for i in range(4):
        at_border = _at_border(best.rough, i, (width, height), near)
        if at_border and (best.support[i] < _SUPPORTED or not _has_card_shape(best.quad, *_WHOLE_ASPECTS)):
            return True
    return False


def _at_border(quad: Quad, side: int, frame: tuple[int, int], near: float) -> bool:
    a, b = quad[side], quad[(side + 1) % 4]
    return any(
        abs(a[axis] - border) < near and abs(b[axis] - border) < near
        for axis in (0, 1)
        for border in (0, frame[axis])
    )


def _touches(quad: Quad, frame: tuple[int, int], near: float) -> bool:
    return any(_at_border(quad, side, frame, near) for side in range(4))


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
