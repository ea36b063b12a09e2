"""Finds the lines of print on a rectified card: a small network marks the middle band of each line.

Nothing here knows where a card prints what; ``values`` and ``kind`` make sense of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.reader.session import session

Grey = NDArray[np.uint8]
Floats = NDArray[np.float64]

_CELL = 4  # pixels of a rectified card to one cell of the network's output
_SURE = 0.5
_LEAST_CELLS = 12
_LEAST_WIDTH = 22
_LEAST_BAND = 8.0  # pixels; the card's own edge can pass for a thinner line
_JOIN = 0.6  # of the band's height: less than a word's space
_LEAST_RUN = 14  # cells
_LEAST_STEP = 2.5  # cells; small print varies by one or two
_SIZE_STEP = 1.3  # two sizes of print differ at least by this
_UP, _DOWN = 0.72, 0.48  # of the band's height: room for marks above, descenders and dots below
_CAPITALS_UP, _CAPITALS_DOWN = 0.42, 0.30  # the same for a band of capitals


@dataclass(frozen=True, slots=True)
class Box:
    """Pixels of the rectified card; right and bottom are one past the end."""

    left: int
    top: int
    right: int
    bottom: int
    band: tuple[int, int] | None = None  # rows of small letters, or of capitals where there are only those

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def tight(self) -> Box:
        """Rows of capitals and their marks only: what names, numbers and the readable zone fill."""
        if self.band is None:
            return self
        band = self.band[1] - self.band[0]
        top = max(self.top, self.band[0] - round(_CAPITALS_UP * band))
        bottom = min(self.bottom, self.band[1] + round(_CAPITALS_DOWN * band))
        return replace(self, top=top, bottom=bottom)

    def cut(self, grey: Grey, slack: float = 0.0) -> Grey:
        """The box's picture with ``slack`` times its height around it."""
        m = round(slack * self.height)
        top, left = max(0, self.top - m), max(0, self.left - m)
        return grey[top : self.bottom + m, left : self.right + m]


def line_bands(grey: Grey) -> NDArray[np.float32]:
    """Probability that a cell lies in the middle band of a line of print; a cell is 4 x 4 pixels."""
    height, width = grey.shape
    # the network halves three times: sides of its input are multiples of 8
    size = (round(width / 16) * 8, round(height / 16) * 8)
    x = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    x = ((x - x.mean()) / (x.std() + 8.0)).astype(np.float32)
    bands: NDArray[np.float32] = session("text_lines.onnx").run(None, {"card": x[None, None]})[0][0, 0]
    return bands


def find_lines(grey: Grey) -> list[Box]:
    """Boxes of all lines of print, top to bottom, marks and descenders inside. H x W grey uint8."""
    bands = line_bands(grey)
    height, width = grey.shape
    across, down = width / bands.shape[1], height / bands.shape[0]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (bands > _SURE).astype(np.uint8), connectivity=4
    )
    cores: list[tuple[Box, float]] = []
    for number, (x, y, w, h, area) in enumerate(tuple(int(v) for v in row) for row in stats[1:count]):
        if area < _LEAST_CELLS or h >= 30:
            continue
        part = labels[y : y + h, x : x + w] == number + 1
        for first, last in _runs_of_one_size(part):
            rows = np.flatnonzero(part[:, first:last].any(1))
            box = Box(
                round((x + first) * across),
                round((y + rows[0]) * down),
                round((x + last) * across),
                round((y + rows[-1] + 1) * down),
            )
            # a slanted line's box is taller than its band
            cores.append((box, float(part[:, first:last].sum(0).mean()) * down))
    cores = [(box, band) for box, band in _joined(cores) if box.width >= _LEAST_WIDTH and band > _LEAST_BAND]
    boxes = [_with_marks(core, band, [c for c, _ in cores], (height, width)) for core, band in cores]
    return sorted(boxes, key=lambda b: (b.top, b.left))


def _joined(cores: Sequence[tuple[Box, float]]) -> list[tuple[Box, float]]:
    """Pieces of one size with hardly a space between are one line: the network broke it inside a word."""
    joined: list[tuple[Box, float]] = []
    for box, band in sorted(cores, key=lambda core: core[0].left):
        for i, (other, size) in enumerate(joined):
            overlap = min(box.bottom, other.bottom) - max(box.top, other.top)
            gap = box.left - other.right
            same_size = max(band, size) < _SIZE_STEP * min(band, size)
            if overlap > 0.6 * min(band, size) and gap < _JOIN * min(band, size) and same_size:
                whole = Box(
                    other.left,
                    min(box.top, other.top),
                    max(box.right, other.right),
                    max(box.bottom, other.bottom),
                )
                mean = (size * other.width + band * box.width) / max(1, other.width + box.width)
                joined[i] = (whole, mean)
                break
        else:
            joined.append((box, band))
    return joined


def _runs_of_one_size(part: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Column ranges of print of one size: a small label with a large value after it becomes two."""
    heights = part.sum(0)
    width = len(heights)
    cuts = np.arange(_LEAST_RUN, width - _LEAST_RUN + 1)
    if len(cuts) == 0:
        return [(0, width)]
    # how many columns of each height lie before a cut
    counts = np.cumsum(heights[:, None] == np.arange(heights.max() + 1), 0)
    left, uneven_left = _middle(counts[cuts - 1])
    right, uneven_right = _middle(counts[-1] - counts[cuts - 1])
    ratio = np.maximum(left, right) / np.maximum(1.0, np.minimum(left, right))
    # the cut that leaves each side as even as can be
    uneven = uneven_left + uneven_right
    possible = (ratio > _SIZE_STEP) & (abs(left - right) > _LEAST_STEP) & (uneven < 0.15 * heights.sum())
    if not possible.any():
        return [(0, width)]
    score = np.where(possible, (ratio - _SIZE_STEP) * 100 - uneven, -np.inf)
    at = int(cuts[score.argmax()])
    return [(0, at), (at, width)]


def _middle(counts: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Median height of each row of counts by height, and the sum of distances from it."""
    total = counts.sum(1, keepdims=True)
    below = np.cumsum(counts, 1)
    lower, upper = ((below <= (total - 1 + odd) // 2).sum(1) for odd in (0, 1))
    median = (lower + upper) / 2
    return median, (counts * abs(np.arange(counts.shape[1]) - median[:, None])).sum(1)


def _with_marks(core: Box, band: float, others: Sequence[Box], size: tuple[int, int]) -> Box:
    """From the band to the whole line, stopping well before the bands of its neighbours."""
    top, bottom = core.top - round(_UP * band), core.bottom + round(_DOWN * band)
    for other in others:
        if other is core or other.right < core.left or other.left > core.right:
            continue
        if other.bottom <= core.top:
            top = max(top, round(other.bottom + 0.25 * (core.top - other.bottom)))
        elif other.top >= core.bottom:
            bottom = min(bottom, round(core.bottom + 0.75 * (other.top - core.bottom)))
    return Box(
        max(0, core.left - 3),
        max(0, min(top, core.top)),
        min(size[1], core.right + 3),
        min(size[0], bottom),
        (core.top, core.bottom),
    )
