"""The tinted paper of a card: a colour gradient under fine wavy lines (guilloche), and a large pale motif."""

from __future__ import annotations

from functools import cache
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ekyc.specimen.layout import CARD_HEIGHT, CARD_WIDTH, Colour, Motif

_LINE_COLOURS = ((70, 150, 170), (190, 150, 70), (90, 120, 180))

# A coarse outline of the mainland and the two archipelagos, as shares of the motif's height.
_MAINLAND = (
    (0.10, 0.06), (0.20, 0.03), (0.29, 0.00), (0.38, 0.04), (0.44, 0.10), (0.36, 0.16), (0.30, 0.22),
    (0.29, 0.28), (0.35, 0.36), (0.43, 0.44), (0.50, 0.52), (0.54, 0.62), (0.54, 0.72), (0.48, 0.79),
    (0.40, 0.84), (0.33, 0.90), (0.25, 0.97), (0.24, 0.88), (0.30, 0.82), (0.38, 0.76), (0.42, 0.68),
    (0.42, 0.58), (0.36, 0.48), (0.28, 0.39), (0.20, 0.32), (0.17, 0.26), (0.20, 0.20), (0.12, 0.14),
)  # fmt: skip
_ISLANDS = (
    (0.66, 0.44), (0.69, 0.42), (0.72, 0.46), (0.74, 0.43), (0.68, 0.47),
    (0.74, 0.80), (0.79, 0.76), (0.83, 0.82), (0.77, 0.85), (0.86, 0.78), (0.81, 0.88),
)  # fmt: skip


@cache
def background(palette: tuple[Colour, ...], motif: Motif, width: int, height: int) -> Image.Image:
    """RGB picture of the empty card. Callers copy it before drawing."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x *= CARD_WIDTH / width
    y *= CARD_HEIGHT / height
    paper = _gradient(palette, x + 3 * np.sin(y / 9))
    for layer, colour in enumerate(_LINE_COLOURS):
        ink = _waves(x, y, layer)[..., None] * np.float32(0.34)
        paper = paper * (1 - ink) + np.array(colour, np.float32) * ink
    picture = Image.fromarray(paper.round().astype(np.uint8))
    return _with_motif(picture, motif)


def _gradient(palette: tuple[Colour, ...], x: NDArray[np.float32]) -> NDArray[np.float32]:
    stops = np.linspace(0, CARD_WIDTH, len(palette))
    channels = [np.interp(x, stops, [colour[i] for colour in palette]) for i in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


def _waves(x: NDArray[np.float32], y: NDArray[np.float32], layer: int) -> NDArray[np.float32]:
    """0..1, one where a line runs. Each layer is a family of lines about 0.6 to 0.8 mm apart."""
    pitch = (0.62, 0.74, 0.81)[layer]
    bend = (
        2.6 * np.sin(x / (7.5 + layer) + layer)
        + 1.3 * np.sin((x + (1.5 - layer) * y) / 4.3)
        + (0.7 * layer - 0.5) * 0.5 * x
    )
    phase = np.abs(np.sin(pi * (y + bend) / pitch))
    slope = np.clip(phase, 0, 1)
    line: NDArray[np.float32] = np.clip(1 - slope / 0.34, 0, 1).astype(np.float32)
    return line


def _with_motif(picture: Image.Image, motif: Motif) -> Image.Image:
    veil = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(veil)
    unit = picture.width / CARD_WIDTH
    if motif == "drum_and_map":
        _drum(draw, 43 * unit, 31 * unit, 20 * unit)
        _map(draw, 49 * unit, 3 * unit, 48 * unit)
    else:
        _lotus(draw, 43 * unit, 30 * unit, 17 * unit)
    return Image.alpha_composite(picture.convert("RGBA"), veil).convert("RGB")


def _drum(draw: ImageDraw.ImageDraw, cx: float, cy: float, radius: float) -> None:
    ink = (150, 120, 50, 46)
    for share in (1.0, 0.96, 0.84, 0.8, 0.62, 0.58, 0.4, 0.37):
        r = radius * share
        draw.ellipse((cx - r, cy - r, cx + r, cy + r), outline=ink, width=max(1, round(radius * 0.012)))
    _star(draw, cx, cy, radius * 0.34, radius * 0.12, 14, ink)
    for i in range(72):
        a = 2 * pi * i / 72
        inner, outer = (0.84, 0.96) if i % 2 else (0.62, 0.8)
        ends = [(cx + radius * s * cos(a), cy + radius * s * sin(a)) for s in (inner, outer)]
        draw.line(ends, fill=ink, width=max(1, round(radius * 0.012)))


def _star(
    draw: ImageDraw.ImageDraw,
    cx: float,
    cy: float,
    outer: float,
    inner: float,
    points: int,
    ink: tuple[int, ...],
) -> None:
    radii = [outer if i % 2 == 0 else inner for i in range(2 * points)]
    angles = [pi * i / points - pi / 2 for i in range(2 * points)]
    draw.polygon(
        [(cx + r * cos(a), cy + r * sin(a)) for r, a in zip(radii, angles, strict=True)],
        fill=(ink[0], ink[1], ink[2], ink[3]),
    )


def _map(draw: ImageDraw.ImageDraw, left: float, top: float, size: float) -> None:
    ink = (110, 150, 110, 44)
    draw.polygon([(left + x * size, top + y * size) for x, y in _MAINLAND], fill=ink)
    dot = size * 0.007
    for x, y in _ISLANDS:
        px, py = left + x * size, top + y * size
        draw.ellipse((px - dot, py - dot, px + dot, py + dot), fill=(110, 150, 110, 90))


def _lotus(draw: ImageDraw.ImageDraw, cx: float, cy: float, size: float) -> None:
    ink, edge = (214, 120, 150, 24), (190, 90, 130, 60)
    for angle in (-75, -50, -25, 0, 25, 50, 75):
        petal = [_petal_point(cx, cy, size, angle, i / 20) for i in range(21)]
        mirrored = [_petal_point(cx, cy, size, angle, i / 20, side=-1) for i in range(20, -1, -1)]
        draw.polygon(petal + mirrored, fill=ink, outline=edge)


def _petal_point(
    cx: float, cy: float, size: float, angle: float, along: float, side: int = 1
) -> tuple[float, float]:
    a = angle * pi / 180
    across = side * 0.2 * size * sin(pi * along**0.8)
    forward = size * along
    return cx + forward * sin(a) + across * cos(a), cy - forward * cos(a) + across * sin(a) + size * 0.35
