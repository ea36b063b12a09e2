"""What happens to a picture on its way into a camera: RGB arrays in, RGB arrays of the same size out."""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.image import encode_jpeg
from ekyc.ports import Image

Random = np.random.Generator
_WALL = (122, 118, 112)


def filmed(image: Image, rng: Random, *, noise: float = 2.0, gain: float = 1.0, quality: int = 85) -> bytes:
    """A camera's JPEG: light (``gain``), sensor noise (grey levels), a hand that sways by a pixel or two."""
    dx, dy = rng.normal(0, 1.2, 2)
    shift = np.array([[1, 0, dx], [0, 1, dy]])
    moved = _warp(image, shift, cv2.BORDER_REPLICATE).astype(np.float32) * gain
    return encode_jpeg(_clip(moved + noise * _grain(image, rng)), quality)


@cache
def _sheet() -> NDArray[np.float32]:
    return np.random.default_rng(0).standard_normal((1200, 1200, 3), dtype=np.float32)


def _grain(image: Image, rng: Random) -> NDArray[np.float32]:
    """Noise of a picture's size, cut from one large sheet at random: drawing it anew would take longest."""
    height, width = image.shape[:2]
    top, left = rng.integers(1200 - height), rng.integers(1200 - width)
    return _sheet()[top : top + height, left : left + width]


def card(image: Image, yaw: float, pitch: float = 0.0, scale: float = 1.0, shift: float = 0.0) -> Image:
    """A flat photo turned in the hand (degrees), nearer (``scale``), to the side (share of the width)."""
    height, width = image.shape[:2]
    a, b, half = np.radians(yaw), np.radians(pitch), width / 2
    across = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    down = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    seen = []
    for x, y in corners:
        point = across @ down @ np.array([(x - half) / half, (y - height / 2) / half, 0.0])
        near = scale * 2.5 / (2.5 - point[2])
        seen.append((half + (point[0] * near + 2 * shift) * half, height / 2 + point[1] * near * half))
    matrix = cv2.getPerspectiveTransform(corners, np.array(seen, dtype=np.float32))
    out = cv2.warpPerspective(
        image,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=_WALL,
    )
    return np.asarray(out, dtype=np.uint8)


def bent(image: Image, yaw: float, theta: float, half: float = 150.0) -> Image:
    """A photo bent round an upright cylinder and turned. theta: radians from the face's middle to its edge.

    half: pixels from the middle of the face to its edge.
    """
    height, width = image.shape[:2]
    radius = half / theta
    across = np.arange(width) - width / 2
    angle = np.arcsin(np.clip(across / radius, -1, 1)) - np.radians(yaw)
    x = np.where(np.abs(across) > radius, -1e4, width / 2 + angle * radius).astype(np.float32)
    y = np.arange(height, dtype=np.float32)[:, None]
    maps = np.tile(x, (height, 1)), np.tile(y, (1, width))
    out = cv2.remap(image, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=_WALL)
    return np.asarray(out, dtype=np.uint8)


def on_screen(image: Image, rng: Random, pitch: float, contrast: float) -> Image:
    """The picture shown on a screen and filmed: stripes of red, green and blue, seen by the camera's grid.

    pitch: camera pixels to a screen pixel. contrast: 1 sees every stripe, 0 (out of focus) none.
    The screen stands a little askew, its light is bluish.
    """
    height, width = image.shape[:2]
    tilt = np.radians(rng.uniform(-3, 3))
    fine = 2  # samples to a camera pixel and side
    ys, xs = np.mgrid[0 : height * fine, 0 : width * fine].astype(np.float32) / fine
    u = (xs * np.cos(tilt) + ys * np.sin(tilt)) / pitch
    v = (ys * np.cos(tilt) - xs * np.sin(tilt)) / pitch
    big = cv2.resize(image, (width * fine, height * fine), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    rows = (np.abs(v % 1 - 0.5) < 0.42).astype(np.float32)
    for channel in range(3):
        stripe = ((u * 3).astype(np.int32) % 3 == channel).astype(np.float32)
        big[:, :, channel] *= 1 + contrast * (rows * stripe * 2.6 - 1)
    seen = cv2.GaussianBlur(big, (0, 0), 0.45 * fine)
    small = cv2.resize(seen, (width, height), interpolation=cv2.INTER_AREA)
    return _clip(small * np.array([0.94, 0.98, 1.06], dtype=np.float32) + 6)


def cut_out(mask: Image, behind: Image, holes: list[NDArray[np.float64]]) -> Image:
    """A printed face with holes, through which another face is seen. holes: outlines in pixels."""
    edge = np.zeros(mask.shape[:2], dtype=np.uint8)
    for outline in holes:
        middle = outline.mean(axis=0)
        wider = middle + (outline - middle) * np.array([1.35, 1.9])
        cv2.fillConvexPoly(edge, cv2.convexHull(wider.astype(np.int32)), 255)
    seen: Image = np.where(edge[:, :, None] > 0, behind, mask)
    return seen


def placed_like(image: Image, points: NDArray[np.float64], like: NDArray[np.float64]) -> Image:
    """The picture moved so that its eyes and mouth (68 landmarks) stand where those of ``like`` do."""
    matrix, _ = cv2.estimateAffinePartial2D(points[36:68], like[36:68], method=cv2.LMEDS)
    return _warp(image, np.asarray(matrix, dtype=np.float64), cv2.BORDER_REPLICATE)


def glasses(image: Image, points: NDArray[np.float64]) -> Image:
    """Dark frames and a faint shine drawn over the eyes."""
    out = image.copy()
    size = float(np.linalg.norm(points[36] - points[45]))
    tilt = float(np.degrees(np.arctan2(*(points[45] - points[36])[::-1])))
    for eye in (points[36:42].mean(axis=0), points[42:48].mean(axis=0)):
        box = ((float(eye[0]), float(eye[1] + 0.03 * size)), (0.46 * size, 0.34 * size), tilt)
        shine = out.copy()
        cv2.ellipse(shine, box, (215, 225, 230), -1, cv2.LINE_AA)
        out = cv2.addWeighted(shine, 0.10, out, 0.90, 0).astype(np.uint8)
        cv2.ellipse(out, box, (35, 30, 30), max(2, round(0.025 * size)), cv2.LINE_AA)
    bridge = [points[39] + (0.02 * size, 0), points[42] - (0.02 * size, 0)]
    ends = [(int(point[0]), int(point[1])) for point in bridge]
    cv2.line(out, ends[0], ends[1], (35, 30, 30), max(2, round(0.025 * size)), cv2.LINE_AA)
    return np.asarray(out, dtype=np.uint8)


def zoomed(image: Image, factor: float) -> Image:
    """Enlarged about the middle, as a photo brought nearer."""
    height, width = image.shape[:2]
    matrix = np.array([[factor, 0, width / 2 * (1 - factor)], [0, factor, height / 2 * (1 - factor)]])
    return _warp(image, matrix, cv2.BORDER_REPLICATE)


def _warp(image: Image, matrix: NDArray[np.float64], border: int) -> Image:
    size = (image.shape[1], image.shape[0])
    moved = cv2.warpAffine(image, matrix.astype(np.float64), size, flags=cv2.INTER_LINEAR, borderMode=border)
    return np.asarray(moved, dtype=np.uint8)


def _clip(values: NDArray[Any]) -> Image:
    clipped: Image = np.clip(values, 0, 255).astype(np.uint8)
    return clipped
