"""Text on the card: fitted into the room it has, wrapped where the layout allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import ImageDraw

from ekyc.specimen.fonts import FontName, font
from ekyc.specimen.layout import Label, Slot

_SMALLEST = 0.5  # text smaller than this share of its size is no longer legible in a photo
_STEP = 0.97
_MEASURE = 100.0  # em in pixels for measuring; widths scale with the em


class TextTooLongError(ValueError):
    """A value does not fit on the card even at the smallest size; the message names the field only."""


@dataclass(frozen=True, slots=True)
class Run:
    """One line of text placed on the card: left end and baseline in mm, em in mm."""

    text: str
    x: float
    y: float
    size: float
    font: FontName

    @property
    def right(self) -> float:
        return self.x + text_width(self.text, self.font, self.size)


def text_width(text: str, name: FontName, size: float) -> float:
    """Advance width in the unit of ``size``."""
    return font(name, _MEASURE).getlength(text) * size / _MEASURE


def place_label(label: Label) -> Run:
    """The label at its size, or as small as its width demands."""
    width = text_width(label.text, label.font, label.size)
    size = label.size * min(1.0, label.width / width)
    x = label.x if label.anchor == "left" else label.x - text_width(label.text, label.font, size) / 2
    return Run(label.text, x, label.y, size, label.font)


def place_value(slot: Slot, value: str) -> list[Run]:
    """The value in its slot. Raises TextTooLongError when no legible size fits."""
    for size in _sizes(slot.size):
        lines = _wrap(slot, value.split(), size)
        if lines is not None:
            return [
                Run(text, x, slot.y + i * slot.leading, size, slot.font)
                for i, (text, x) in enumerate(lines)
                if text
            ]
    raise TextTooLongError(f"{slot.field} does not fit on the card")


def _sizes(largest: float) -> Iterator[float]:
    size = largest
    while size >= largest * _SMALLEST:
        yield size
        size *= _STEP


def _wrap(slot: Slot, words: list[str], size: float) -> list[tuple[str, float]] | None:
    """(line, left end) for each line, or None when the words need more room."""
    lines: list[tuple[str, float]] = []
    rest = words
    for number in range(slot.lines):
        x = slot.first_x if number == 0 and slot.first_x is not None else slot.x
        taken = _fitting(rest, slot.font, size, slot.right - x)
        lines.append((" ".join(rest[:taken]), x))
        rest = rest[taken:]
    return None if rest else lines


def _fitting(words: list[str], name: FontName, size: float, room: float) -> int:
    count = 0
    while count < len(words) and text_width(" ".join(words[: count + 1]), name, size) <= room:
        count += 1
    return count


def draw_run(draw: ImageDraw.ImageDraw, run: Run, colour: tuple[int, int, int], unit: float) -> None:
    """Draw at ``unit`` pixels a millimetre."""
    draw.text(
        (run.x * unit, run.y * unit), run.text, font=font(run.font, run.size * unit), fill=colour, anchor="ls"
    )
