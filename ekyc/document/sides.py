"""Moves the rough sides of a card onto the edges that the photo shows."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.document.geometry import Quad, card_width
from ekyc.ports import Image

_WORK_WIDTH = 900.0  # pixels of the card while searching: fine enough for half a millimetre
_SAMPLES = 64  # points along a side
_FROM, _TO = 0.09, 0.91  # the rounded corners lie outside
_EDGE = 5.0  # step in Lab units over four pixels that counts as an edge
_STEPS = 33  # positions tried at each end of a side

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Edges:
    """A photo made ready for ``refine``: slightly smoothed, in Lab; pixels of it to one of the photo."""

    lab: Floats
    scale: float


def edges_of(photo: Image, rough: Quad) -> Edges:
    """``rough`` tells how large the card is, so that the work is the same however large the photo."""
    scale = min(1.0, _WORK_WIDTH / max(card_width(rough), 1.0))
    small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else photo
    smooth = cv2.GaussianBlur(small, (0, 0), 1.2)
    return Edges(np.asarray(cv2.cvtColor(smooth, cv2.COLOR_RGB2LAB), np.float32), scale)


def refine(edges: Edges, rough: Quad, reach: float) -> tuple[Quad, Floats]:
    """Corners on the card's edges, and how much of each side (0-1, 1-2, 2-3, 3-0) an edge supports, 0..1.

    reach: pixels of the photo to look at on either side of each rough line.
    """
    quad = rough * np.float32(edges.scale)
    depth = max(4.0, reach * edges.scale)
    lines = [_best_line(edges.lab, quad[i], quad[(i + 1) % 4], depth) for i in range(4)]
    corners = [_meet(lines[i - 1][:2], lines[i][:2]) for i in range(4)]
    support = np.array([share for _, _, share in lines], np.float32)
    return (np.array(corners, np.float32) / np.float32(edges.scale)).astype(np.float32), support


def _best_line(lab: Floats, a: Floats, b: Floats, reach: float) -> tuple[Floats, Floats, float]:
    """Two points on the straight edge near a-b that most of its length supports, and that share."""
    along = (b - a) / max(float(np.linalg.norm(b - a)), 1e-6)
    normal = np.array([along[1], -along[0]], np.float32)  # outwards, corners being clockwise
    shares = np.linspace(_FROM, _TO, _SAMPLES, dtype=np.float32)
    depth = round(reach)
    offsets = np.arange(-depth - 2, depth + 3, dtype=np.float32)
    points = a + shares[:, None, None] * (b - a) + offsets[None, :, None] * normal
    profile = cv2.remap(
        lab, points[..., 0].copy(), points[..., 1].copy(), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    strength = np.linalg.norm(
        profile[:, 4:] - profile[:, :-4], axis=2
    )  # step over four pixels, at offsets[2:-2]
    start, end, share = _vote(strength, shares, depth)
    return a + normal * np.float32(start), b + normal * np.float32(end), share


def _vote(strength: Floats, shares: Floats, depth: int) -> tuple[float, float, float]:
    """Offsets at both ends of the line along which edges are strongest, and the share of it with an edge.

    Each sample counts up to a limit, so that long faint edges beat short glaring ones.
    """
    limit = max(6.0, float(np.percentile(strength, 90)))
    weights = np.minimum(strength, limit)
    tried = np.linspace(-depth, depth, _STEPS, dtype=np.float32)
    start, end = np.meshgrid(tried, tried, indexing="ij")
    at = start[..., None] * (1 - shares) + end[..., None] * shares + depth
    lower = np.clip(np.floor(at).astype(np.int32), 0, 2 * depth)
    rows = np.arange(len(shares))
    part = at - lower
    upper = np.minimum(lower + 1, 2 * depth)
    scores = (weights[rows, lower] * (1 - part) + weights[rows, upper] * part).mean(-1)
    # a mild pull towards the rough line decides between equals
    scores = scores * (1 - 0.12 * (np.abs(start) + np.abs(end)) / (2 * depth))
    best = np.unravel_index(int(scores.argmax()), scores.shape)
    on_line = np.clip(np.round(at[best]).astype(np.int32), 0, 2 * depth)
    share = float((strength[rows, on_line] > _EDGE).mean())
    return float(start[best]), float(end[best]), share


def _meet(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Floats:
    """Where two lines cross; their common end when they are parallel."""
    (a, b), (c, d) = one, other
    r, s = b - a, d - c
    cross = float(r[0] * s[1] - r[1] * s[0])
    if abs(cross) < 1e-6:
        return b
    t = float((c[0] - a[0]) * s[1] - (c[1] - a[1]) * s[0]) / cross
    point: Floats = (a + np.float32(t) * r).astype(np.float32)
    return point
