"""Words for describing one side of a card. All lengths are millimetres from the top left corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ekyc.specimen.fonts import FontName

CARD_WIDTH = 85.6  # ISO/IEC 7810 ID-1
CARD_HEIGHT = 53.98
CORNER_RADIUS = 3.18

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]  # left, top, right, bottom
Anchor = Literal["left", "middle"]
Motif = Literal["drum_and_map", "lotus"]


@dataclass(frozen=True, slots=True)
class Label:
    """Fixed text. ``y`` is the baseline, ``size`` the em; ``width`` is the most room it may take."""

    text: str
    x: float
    y: float
    size: float
    font: FontName
    colour: Colour
    width: float
    anchor: Anchor = "left"


@dataclass(frozen=True, slots=True)
class Slot:
    """Room for a value of the holder.

    ``first_x``: where the first line starts when it stands behind its label; later lines start at ``x``.
    """

    field: str
    x: float
    y: float
    right: float
    size: float
    font: FontName
    first_x: float | None = None
    lines: int = 1
    leading: float = 3.0

    @property
    def box(self) -> Box:
        """Everything the value may cover."""
        return (
            min(self.x, self.first_x or self.x),
            self.y - self.size * 1.1,
            self.right,
            self.y + (self.lines - 1) * self.leading + self.size * 0.35,
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """One side: palette (left to right across the card), text, and boxes of the pictures on it."""

    palette: tuple[Colour, ...]
    motif: Motif
    labels: tuple[Label, ...]
    slots: tuple[Slot, ...]
    specimen: Box
    emblem: Box | None = None
    portrait: Box | None = None
    chip_symbol: Box | None = None
    qr: Box | None = None
    barcode: Box | None = None
    chip: Box | None = None
    seal: Box | None = None
    signature: Box | None = None
    fingerprints: tuple[Box, ...] = ()
    mrz_left: float | None = None
    mrz_baselines: tuple[float, ...] = ()


MRZ_PITCH = 2.54  # OCR-B at ten characters an inch, ICAO Doc 9303 part 3
