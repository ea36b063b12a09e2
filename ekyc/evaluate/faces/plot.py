"""The DET plot (Martin et al. 1997): refusals over false matches, both on a logarithmic scale, as PNG."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image as PilImage
from PIL import ImageDraw, ImageFont

from ekyc.evaluate.faces.measure import Compared

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 960, 720, 110, 50, 930, 640
_LOWEST_MATCH, _LOWEST_REFUSAL = 1e-6, 1e-3
_COLOURS = ("#0b5394", "#b45f06", "#38761d", "#741b47", "#7f6000", "#134f5c", "#990000", "#351c75")
_POINTS = 400


def draw(curves: Mapping[str, Compared], title: str, path: Path) -> None:
    """One curve a shape. Rates below 1e-6 (matches) and 1e-3 (refusals) are drawn on the edge."""
    sheet = PilImage.new("RGB", (_WIDTH, _HEIGHT), "white")
    pen = ImageDraw.Draw(sheet)
    font, small = ImageFont.load_default(20), ImageFont.load_default(15)
    pen.text((_LEFT, 14), title, fill="black", font=font)
    _grid(pen, small)
    for number, (name, compared) in enumerate(curves.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        pen.line(_curve(compared), fill=colour, width=3)
        top = _TOP + 12 + 24 * number
        pen.line([(_RIGHT - 130, top + 9), (_RIGHT - 95, top + 9)], fill=colour, width=4)
        pen.text((_RIGHT - 86, top), name, fill="black", font=small)
    sheet.save(path)


def _curve(compared: Compared) -> list[tuple[float, float]]:
    limits = np.quantile(
        np.concatenate([compared.genuine, compared.impostor[:_POINTS]]), np.linspace(0, 1, _POINTS)
    )
    matches = np.searchsorted(compared.impostor, limits, side="right") / compared.impostor.size
    refusals = 1 - np.searchsorted(compared.genuine, limits, side="right") / compared.genuine.size
    return [(_x(m), _y(r)) for m, r in zip(matches, refusals, strict=True)]


def _grid(pen: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> None:
    for power in range(round(math.log10(_LOWEST_MATCH)), 1):
        x = _x(10.0**power)
        pen.line([(x, _TOP), (x, _BOTTOM)], fill="#cccccc")
        pen.text((x, _BOTTOM + 8), f"1e{power}" if power else "1", fill="black", font=font, anchor="ma")
    for rate in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0):
        y = _y(rate)
        pen.line([(_LEFT, y), (_RIGHT, y)], fill="#cccccc")
        pen.text((_LEFT - 10, y), f"{rate:.1%}", fill="black", font=font, anchor="rm")
    pen.rectangle((_LEFT, _TOP, _RIGHT, _BOTTOM), outline="black")
    pen.text(((_LEFT + _RIGHT) / 2, _BOTTOM + 40), "false-match rate", fill="black", font=font, anchor="ma")
    pen.text((_LEFT, _BOTTOM + 40), "up: false non-match rate", fill="black", font=font, anchor="ma")


def _x(rate: float) -> float:
    share = 1 - math.log10(max(rate, _LOWEST_MATCH)) / math.log10(_LOWEST_MATCH)
    return _LEFT + share * (_RIGHT - _LEFT)


def _y(rate: float) -> float:
    share = math.log10(max(rate, _LOWEST_REFUSAL)) / math.log10(_LOWEST_REFUSAL)
    return _TOP + share * (_BOTTOM - _TOP)
