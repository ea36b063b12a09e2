"""How one printer's cards differ from another's: typefaces, sizes, places, colours, wear, lamination."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np

from ekyc.specimen.fonts import FontName
from ekyc.specimen.layout import Box, Colour, Label, Layout, Slot

Pool = Literal["own", "tuning", "evaluation"]
POOLS: tuple[Pool, ...] = get_args(Pool)
Family = tuple[FontName, FontName]  # regular, bold

# the families of "evaluation" beside our own were never used in training nor while tuning
_FAMILIES: dict[Pool, tuple[Family, ...]] = {
    "own": (("arimo", "arimo_bold"), ("roboto", "roboto_bold")),
    "tuning": (("arimo", "arimo_bold"), ("roboto", "roboto_bold"), ("open_sans", "open_sans_bold")),
    "evaluation": (
        ("arimo", "arimo_bold"), ("roboto", "roboto_bold"),
        ("free_sans", "free_sans_bold"), ("heros", "heros_bold"),
    ),
}  # fmt: skip
_GAP = 0.7  # mm between a label and the value in its row
_SAME_ROW = 1.2  # mm between baselines of one row

Shift = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Style:
    """Lengths in millimetres, strengths 0..1. The default prints as the layouts say."""

    labels: Family | None = None  # None: the layout's own
    values: Family | None = None
    label_scale: float = 1.0
    value_scale: float = 1.0
    text: Shift = (0.0, 0.0)  # all labels and values, as one block
    zone: Shift = (0.0, 0.0)
    pictures: Shift = (0.0, 0.0)  # portrait, QR, chip, emblem
    rows: float = 0.0  # most that a single value may stand off its row
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)  # of the paper
    ink: float = 0.0  # how much lighter than full the print is
    wear: float = 0.0  # scratches and dirt
    sheen: float = 0.0  # of the lamination
    seed: int = field(default=0)  # of the wear, the sheen and the rows


PLAIN = Style()


def draw_style(seed: int, pool: Pool) -> Style:
    """One printer and one card's life by chance; the same seed gives the same."""
    rng = np.random.default_rng((0x57F1E, seed))
    families = _FAMILIES[pool]

    def shift(x: float, y: float) -> Shift:
        return float(rng.uniform(-x, x)), float(rng.uniform(-y, y))

    return Style(
        labels=families[rng.integers(len(families))],
        values=families[rng.integers(len(families))],
        label_scale=float(rng.uniform(0.95, 1.05)),
        value_scale=float(rng.uniform(0.92, 1.06)),
        text=shift(1.3, 0.5),
        zone=shift(1.5, 1.2),
        pictures=shift(1.0, 0.8),
        rows=0.15,
        tint=(float(rng.uniform(0.93, 1.03)), float(rng.uniform(0.93, 1.03)), float(rng.uniform(0.93, 1.03))),
        ink=float(rng.uniform(0, 0.22)),
        wear=float(rng.uniform(0, 1) ** 2),
        sheen=float(rng.uniform(0, 0.3)),
        seed=seed,
    )


def varied(side: Layout, style: Style) -> Layout:
    """The layout as this printer prints it."""
    rng = np.random.default_rng((0x20175, style.seed))
    slots = tuple(_slot(slot, style, float(rng.uniform(-style.rows, style.rows))) for slot in side.slots)
    labels = tuple(_label(label, style, slots) for label in side.labels)
    return replace(
        side,
        labels=labels,
        slots=slots,
        mrz_left=None if side.mrz_left is None else side.mrz_left + style.zone[0],
        mrz_baselines=tuple(y + style.zone[1] for y in side.mrz_baselines),
        emblem=_moved(side.emblem, style.pictures),
        portrait=_moved(side.portrait, style.pictures),
        qr=_moved(side.qr, style.pictures),
        chip=_moved(side.chip, style.pictures),
    )


def _slot(slot: Slot, style: Style, off: float) -> Slot:
    x, y = style.text
    return replace(
        slot,
        x=slot.x + x,
        y=slot.y + y + off,
        right=slot.right + min(0.0, x),
        first_x=None if slot.first_x is None else slot.first_x + x,
        size=slot.size * style.value_scale,
        font=_face(slot.font, style.values),
    )


def _label(label: Label, style: Style, slots: tuple[Slot, ...]) -> Label:
    x, y = label.x + style.text[0], label.y + style.text[1]
    starts = [(s.first_x or s.x) for s in slots if abs(s.y - y) < _SAME_ROW and (s.first_x or s.x) > x + 3]
    room = min([label.width, *(start - x - _GAP for start in starts)])
    return replace(
        label,
        x=x,
        y=y,
        size=label.size * style.label_scale,
        font=_face(label.font, style.labels),
        width=label.width if label.anchor == "middle" else room,
    )


def _face(name: FontName, family: Family | None) -> FontName:
    if family is None:
        return name
    return family[1] if name.endswith(("bold", "medium")) else family[0]


def _moved(box: Box | None, shift: Shift) -> Box | None:
    if box is None:
        return None
    return box[0] + shift[0], box[1] + shift[1], box[2] + shift[0], box[3] + shift[1]


def lighter(ink: Colour, style: Style) -> Colour:
    """A colour of print as pale as this style's."""
    red, green, blue = (round(c + (235 - c) * style.ink) for c in ink)
    return red, green, blue
