"""Draws one line as a phone sees it. Levels: 0 clean, 1 good, 2 ordinary, 3 poor, 4 soft and shaken."""

from __future__ import annotations

import random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ekyc.reader.training.fonts import face, pick
from ekyc.reader.training.texts import sample_text
from ekyc.reader.training.textures import Floats, cut, guilloches, noises, shades

Grey = NDArray[np.uint8]
_STRENGTH = (0.0, 0.35, 0.7, 1.0, 1.0)  # of every disturbance
_SMALLEST = (28, 22, 17, 14, 18)  # font pixels
_LEAST_CONTRAST = (110, 90, 65, 42, 75)
_SHAKEN = 4  # the level at which blur and movement come together, as in a bad photo of small print


def render_line(rng: random.Random, text: str, level: int, font: str | None = None) -> Grey:
    """One line, grey, at its own resolution; neighbours, crop errors and all."""
    path = font or pick(rng)
    smallest = _SMALLEST[level]
    size = round(smallest * (60 / smallest) ** (rng.random() ** (1.0 + 0.6 * _STRENGTH[level])))
    ink, box, base = _ink(rng, text, path, size, level)
    flat = _crop(rng, ink, box, base, size, _STRENGTH[level])
    lit = _light(rng, _colours(rng, flat, size, level), level)
    return _camera(rng, lit, size, level) if level else np.clip(lit, 0, 255).astype(np.uint8)


Ink = tuple[Floats, tuple[int, int, int, int], int]


def _ink(rng: random.Random, text: str, path: str, size: int, level: int) -> Ink:
    """The line's ink (0..1) with its neighbours, the line's own box, and its baseline."""
    font = face(path, size)
    tracking = rng.uniform(-0.03, 0.12) * size if rng.random() < 0.2 else 0.0
    pad = round(size * 2.2)
    base = round(size * 2.5)
    sheet = Image.new(
        "L", (round(font.getlength(text) + tracking * len(text)) + 2 * pad, round(size * 4.4)), 0
    )
    draw = ImageDraw.Draw(sheet)
    x = float(pad)
    for char in text if tracking else ():
        draw.text((x, base), char, 255, font, anchor="ls")
        x += font.getlength(char) + tracking
    if not tracking:
        draw.text((pad, base), text, 255, font, anchor="ls")
    box = sheet.getbbox() or (pad, base - size, sheet.width - pad, base)
    if level and rng.random() < 0.45:
        _neighbours(rng, draw, box, base, size, path)
    if level and rng.random() < 0.08:
        y = box[3] + round(rng.uniform(0.03, 0.2) * size)
        draw.rectangle((0, y, sheet.width, y + max(1, size // 20)), fill=rng.randint(120, 255))
    return np.asarray(np.asarray(sheet) / 255, np.float32), box, base


def _neighbours(
    rng: random.Random,
    draw: ImageDraw.ImageDraw,
    box: tuple[int, int, int, int],
    base: int,
    size: int,
    path: str,
) -> None:
    """Lines above and below, as close as cards print them, never running into this one."""
    for side in (-1, 1):
        font = face(path if rng.random() < 0.5 else pick(rng), max(8, round(size * rng.uniform(0.6, 1.1))))
        y = base + side * rng.uniform(1.0, 1.7) * size
        near = box[3] + font.size * rng.uniform(0.85, 1.25), box[1] - font.size * rng.uniform(0.08, 0.45)
        y = max(y, near[0]) if side > 0 else min(y, near[1])
        if rng.random() < 0.6:
            draw.text(
                (box[0] + rng.uniform(-2, 1) * size, y), sample_text(rng)[1][:60], 255, font, anchor="ls"
            )


def _crop(
    rng: random.Random, ink: Floats, box: tuple[int, int, int, int], base: int, size: int, hi: float
) -> Floats:
    """The line with the slack, slant and perspective that a line finder leaves."""
    x0, y0, x1, y1 = box
    cap = size * 0.7
    tight = rng.random() < 0.5
    top = float(y0 if tight else min(y0, base - round(cap * 1.25)))
    bottom = float(y1 if tight else max(y1, base + round(size * 0.24)))
    span = max(bottom - top, cap)
    slack = 0.10 + 0.25 * rng.random()
    top -= rng.uniform(0.02 - 0.05 * hi, slack) * span
    bottom += rng.uniform(0.02 - 0.06 * hi, slack) * span
    left, right = x0 - rng.uniform(0.03, 0.5) * size, x1 + rng.uniform(0.03, 0.5) * size
    if rng.random() < 0.15:
        right = min(ink.shape[1], x1 + rng.uniform(0.5, 2.0) * size)
    stretch = rng.uniform(1 - 0.14 * max(hi, 0.4), 1 + 0.14 * max(hi, 0.4))
    width, height = max(8, round((right - left) * stretch)), max(8, round(bottom - top))
    drift = min(0.16 * height, (right - left) * 0.045) * hi
    dy, shear, j = rng.uniform(-drift, drift), rng.uniform(-0.12, 0.12) * height * hi, 0.05 * height * hi
    # never cut letters off sideways: widen by what the shear takes
    left, right = left - abs(shear) - j, right + abs(shear) + j
    corners = ((left + shear, top + dy), (right + shear, top - dy), (right - shear, bottom - dy))
    source = [
        (x + rng.uniform(-j, j), y + rng.uniform(-j, j)) for x, y in (*corners, (left - shear, bottom + dy))
    ]
    target = [(0, 0), (width, 0), (width, height), (0, height)]
    matrix = cv2.getPerspectiveTransform(np.array(source, np.float32), np.array(target, np.float32))
    return np.asarray(cv2.warpPerspective(ink, matrix, (width, height), flags=cv2.INTER_LINEAR), np.float32)


def _colours(rng: random.Random, ink: Floats, size: int, level: int) -> Floats:
    """Ink on textured paper, as grey levels."""
    if rng.random() < 0.3:  # ink spread or thinning
        spread = cv2.GaussianBlur(ink, (0, 0), max(0.4, size * 0.018))
        ink = np.clip(spread * rng.uniform(1.0, 1.7) - rng.uniform(0, 0.25), 0, 1)
    paper = rng.uniform(150 if level < 3 else 105, 245)
    dark = rng.uniform(5, max(10.0, paper - _LEAST_CONTRAST[level]))
    if rng.random() < 0.55:
        dark = min(dark, rng.uniform(10, 70))
    back = np.full(ink.shape, paper, np.float32)
    if level:
        strength = rng.uniform(0.02, 0.10 + 0.22 * _STRENGTH[level]) * (paper - dark)
        back += cut(rng, guilloches(), *ink.shape) * np.float32(strength)
    return np.asarray(back + (dark - back) * ink * rng.uniform(0.85, 1.0), np.float32)


def _light(rng: random.Random, picture: Floats, level: int) -> Floats:
    """Shade, glare, the edge of a shadow."""
    height, width = picture.shape
    hi = _STRENGTH[level]
    if level and rng.random() < 0.7:
        soft = cv2.resize(cut(rng, shades(), 60, 500), (width, height))
        picture = picture * (1 + np.float32(0.16 * hi * rng.uniform(0.2, 1)) * soft)
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    if level > 1 and rng.random() < 0.12 + 0.13 * hi:
        across = np.exp(-(((x - rng.uniform(0, width)) / (rng.uniform(0.6, 4) * height)) ** 2))
        down = np.exp(-(((y - rng.uniform(-0.3, 1.3) * height) / (rng.uniform(0.4, 2) * height)) ** 2))
        glare = np.outer(down, across) * rng.uniform(0.25, 0.5 + 0.25 * hi)
        picture = np.asarray(picture * (1 - glare) + 255 * glare, np.float32)
    if level > 1 and rng.random() < 0.08:
        edge = np.clip((x - rng.uniform(0, width)) / rng.uniform(2, 20), -30, 30)
        picture = np.asarray(picture * (1 - rng.uniform(0.15, 0.45) / (1 + np.exp(-edge))), np.float32)
    return np.asarray(picture, np.float32)


def _camera(rng: random.Random, picture: Floats, size: int, level: int) -> Grey:
    """Distance, focus, movement, sensor noise, the phone's sharpening, JPEG."""
    hi = _STRENGTH[level]
    full = picture.shape[1], picture.shape[0]
    shaken = level == _SHAKEN
    far = max(rng.uniform(0.4, 0.9), 11.5 / size) if rng.random() < (0.5 if shaken else 0.35 * hi) else 1.0
    if far < 1:
        small = max(8, round(full[0] * far)), max(8, round(full[1] * far))
        picture = np.asarray(cv2.resize(picture, small, interpolation=cv2.INTER_AREA), np.float32)
    scale = picture.shape[0] / full[1] * size
    if shaken or rng.random() < 0.75:
        low, high = (
            (0.03 * scale, 0.075 * scale)
            if shaken
            else (0.2, 0.3 + (0.048 if far == 1 else 0.03) * scale * hi)
        )
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), rng.uniform(low, high)), np.float32)
    if rng.random() < (0.6 if shaken else 0.25 * hi):
        picture = np.asarray(
            cv2.filter2D(picture, -1, _smear(rng, scale * (1.2 if shaken else 1.0))), np.float32
        )
    if rng.random() < 0.8:
        picture = picture + cut(rng, noises(), *picture.shape) * np.float32(rng.uniform(0.5, 2 + 9 * hi))
    if rng.random() < 0.2:
        soft = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.7, 1.8))
        picture = np.asarray(picture + (picture - soft) * rng.uniform(0.3, 1.3), np.float32)
    grey = np.clip(picture, 0, 255).astype(np.uint8)
    if rng.random() < 0.7:
        quality = round(rng.uniform(92 - 55 * hi, 96))
        packed = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        grey = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    how = rng.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC))
    return np.asarray(cv2.resize(grey, full, interpolation=how), np.uint8) if far < 1 else grey


def _smear(rng: random.Random, scale: float) -> Floats:
    n = max(2, round(rng.uniform(0.06, 0.13) * scale))
    kernel = np.zeros((2 * n + 1, 2 * n + 1), np.float32)
    a = rng.uniform(0, np.pi)
    dx, dy = round(n * np.cos(a) * 0.6), round(n * np.sin(a) * 0.6)
    cv2.line(kernel, (n - dx, n - dy), (n + dx, n + dy), 1.0)
    return np.asarray(kernel / kernel.sum(), np.float32)
