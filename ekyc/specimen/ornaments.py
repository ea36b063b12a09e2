"""Drawings on a card that stand in for official marks: all invented, none copied from a state design."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from PIL import Image, ImageDraw

PixelBox = tuple[int, int, int, int]

_RED = (206, 32, 36)
_GOLD = (240, 190, 60)


def emblem(draw: ImageDraw.ImageDraw, box: PixelBox) -> None:
    """A sun over tea hills inside a rope ring: the specimen's own badge, not the state emblem."""
    left, top, right, bottom = box
    size = right - left
    draw.ellipse(box, fill=_RED, outline=_GOLD, width=size // 18)
    cx, cy = (left + right) / 2, (top + bottom) / 2
    for i in range(16):
        a = 2 * pi * i / 16
        ends = [(cx + size * r * cos(a), cy - size * 0.05 + size * r * sin(a)) for r in (0.17, 0.26)]
        draw.line(ends, fill=_GOLD, width=max(1, size // 40))
    r = size * 0.13
    draw.ellipse((cx - r, cy - size * 0.05 - r, cx + r, cy - size * 0.05 + r), fill=_GOLD)
    inner = (left + size // 12, top + size // 12, right - size // 12, bottom - size // 12)
    draw.chord(inner, 28, 152, fill=(70, 140, 70))
    draw.arc(inner, 20, 160, fill=_GOLD, width=max(1, size // 30))


def chip_symbol(draw: ImageDraw.ImageDraw, box: PixelBox) -> None:
    """The sign of an electronic document (ICAO Doc 9303 part 9, 2.3): a disc between two bars."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    line = max(2, height // 8)
    ink = (30, 40, 60)
    draw.rectangle((left, top, right, bottom), outline=ink, width=line)
    middle = (top + bottom) // 2
    r = height * 0.22
    cx = (left + right) / 2
    draw.line((left, middle, cx - r, middle), fill=ink, width=line)
    draw.line((cx + r, middle, right, middle), fill=ink, width=line)
    draw.ellipse((cx - r, middle - r, cx + r, middle + r), outline=ink, width=line)
    assert width > height


def chip(draw: ImageDraw.ImageDraw, box: PixelBox) -> None:
    """A contact plate."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    line = max(2, height // 40)
    edge = (150, 112, 40)
    draw.rounded_rectangle(box, height // 7, fill=(222, 186, 104), outline=edge, width=line)
    core = (left + width * 0.34, top + height * 0.26, left + width * 0.66, top + height * 0.74)
    for share in (0.26, 0.5, 0.74):
        y = top + height * share
        draw.line((left, y, core[0], y), fill=edge, width=line)
        draw.line((core[2], y, right, y), fill=edge, width=line)
    for x in (core[0], core[2]):
        draw.line((x, top, x, bottom), fill=edge, width=line)
    draw.rounded_rectangle(core, height // 10, fill=(232, 200, 124), outline=edge, width=line)


def barcode(draw: ImageDraw.ImageDraw, box: PixelBox) -> None:
    """Rows of bars that look like a stacked code and hold nothing."""
    left, top, right, bottom = box
    rng = np.random.default_rng(2016)
    bar, row = max(2, (right - left) // 240), (bottom - top) // 14
    draw.rectangle((left - 4 * bar, top - 4 * bar, right + 4 * bar, bottom + 4 * bar), fill=(250, 250, 248))
    for y in range(top, bottom - row + 1, row):
        for x in range(left, right, bar):
            edge = x < left + 6 * bar or x > right - 6 * bar
            if (edge and (x - left) // bar % 7 < 5) or (not edge and rng.random() < 0.5):
                draw.rectangle((x, y, x + bar - 1, y + row - 1), fill=(20, 20, 24))


def seal(draw: ImageDraw.ImageDraw, box: PixelBox) -> None:
    """A red office stamp with a sun instead of the emblem."""
    left, top, right, bottom = box
    size = right - left
    draw.ellipse(box, outline=_RED, width=size // 22)
    ring = size // 7
    draw.ellipse((left + ring, top + ring, right - ring, bottom - ring), outline=_RED, width=size // 40)
    cx, cy = (left + right) / 2, (top + bottom) / 2
    for i in range(12):
        a = 2 * pi * i / 12
        ends = [(cx + size * r * cos(a), cy + size * r * sin(a)) for r in (0.1, 0.28)]
        draw.line(ends, fill=_RED, width=size // 30)


def signature(draw: ImageDraw.ImageDraw, box: PixelBox) -> None:
    """A flourish that is nobody's hand."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    points = []
    for i in range(121):
        t = i / 120
        x = left + width * (t + 0.09 * sin(14 * t))
        swing = sin(19 * t) * (1 - t) * 0.45 + 0.12 * sin(47 * t)
        points.append((x, top + height * (0.55 - swing)))
    draw.line(points, fill=(24, 30, 110), width=max(2, height // 26), joint="curve")


def fingerprint(size: tuple[int, int], seed: int) -> Image.Image:
    """An invented ridge pattern, RGBA, transparent between the ridges."""
    width, height = size
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    u, v = (x / width - 0.5) * 2, (y / height - 0.55) * 2.6
    core_x, core_y = rng.uniform(-0.15, 0.15, 2)
    loop = np.hypot((u - core_x) * 1.25, (v - core_y) * (0.9 + 0.25 * (v > core_y)))
    bend = 0.25 * np.sin(2.1 * u + rng.uniform(0, 6)) + 0.16 * np.sin(2.6 * v + rng.uniform(0, 6))
    ridge = np.sin(2 * pi * (8.5 * loop + bend)) > -0.1
    inside = np.hypot(u / 0.92, (y / height - 0.5) * 2 / 0.95) < 1
    alpha = np.where(ridge & inside, 205, 0).astype(np.uint8)
    ink = np.full((height, width, 3), (40, 40, 46), np.uint8)
    return Image.fromarray(np.dstack([ink, alpha]))


def silhouette(size: tuple[int, int]) -> Image.Image:
    """Head and shoulders of nobody, for a person whose picture is not at hand. RGB."""
    width, height = size
    picture = Image.new("RGB", size, (196, 216, 232))
    draw = ImageDraw.Draw(picture)
    tone = (128, 146, 164)
    draw.ellipse((width * 0.04, height * 0.66, width * 0.96, height * 1.4), fill=tone)
    draw.rectangle((width * 0.4, height * 0.5, width * 0.6, height * 0.72), fill=tone)
    draw.ellipse((width * 0.27, height * 0.18, width * 0.73, height * 0.6), fill=tone)
    return picture
