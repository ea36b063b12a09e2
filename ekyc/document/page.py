"""A rectified side as text: every line of print with its box, and label search that forgives misreading."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ekyc.document.lines import Box
from ekyc.reader.recogniser import Line, recogniser

Grey = NDArray[np.uint8]

_BREAK = "|"  # between lines in the searched text; matches nothing


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of print and where it stands on the rectified card."""

    box: Box
    line: Line

    def x_of(self, index: int) -> float:
        """Pixel column of the middle of a character (or of the line's ends)."""
        if not self.line.places or index >= len(self.line.places):
            return float(self.box.right)
        slack = round(self.box.height * SLACK)
        left = max(0, self.box.left - slack)
        return left + self.line.places[index] * (self.box.right + slack - left)


SLACK = 0.14  # of a line's height, cut around it


@dataclass(frozen=True, slots=True)
class Hit:
    """A text found in a line: characters start..end (end excluded) and edits per character."""

    line: int
    start: int
    end: int
    cost: float


@dataclass(frozen=True, slots=True)
class Page:
    """All lines of a side, and one string of their bare letters for searching."""

    grey: Grey
    lines: tuple[TextLine, ...]
    bare: str
    origin: tuple[tuple[int, int], ...]  # line and character that each bare letter comes from


def read_page(grey: Grey, boxes: Sequence[Box]) -> Page:
    """Read the lines of a rectified card (1000 x 1586 grey uint8)."""
    reader = recogniser()
    lines = []
    for box in boxes:
        line = reader.read(box.cut(grey, SLACK))
        if line.text:
            lines.append(TextLine(box, line))
    return make_page(grey, tuple(lines))


def make_page(grey: Grey, lines: tuple[TextLine, ...]) -> Page:
    """Index the lines for searching."""
    bare: list[str] = []
    origin: list[tuple[int, int]] = []
    for number, text_line in enumerate(lines):
        for index, char in enumerate(text_line.line.text):
            letters = bare_text(char)
            bare.extend(letters)
            origin.extend([(number, index)] * len(letters))
        bare.append(_BREAK)
        origin.append((number, len(text_line.line.text)))
    return Page(grey, lines, "".join(bare), tuple(origin))


def bare_text(text: str) -> str:
    """Letters and digits without marks, in lower case: how labels are compared."""
    plain = unicodedata.normalize("NFD", text.replace("Đ", "d").replace("đ", "d")).lower()
    return re.sub(r"[^a-z0-9]", "", plain)


def search(page: Page, text: str, limit: float) -> list[Hit]:
    """Places where ``text`` stands with at most ``limit`` edits per letter, best first.

    Approximate matching after Sellers (1980): a row per letter of the pattern, the whole page at once.
    """
    pattern = bare_text(text)
    if not pattern or not page.bare:
        return []
    body = np.frombuffer(page.bare.encode("ascii"), np.uint8)
    n = len(body)
    index = np.arange(n + 1, dtype=np.int32)
    cost = np.zeros(n + 1, np.int32)
    begin = index.copy()
    wall = np.where(body == ord(_BREAK), 1000, 0).astype(np.int32)
    for i, letter in enumerate(pattern.encode("ascii"), 1):
        swap = cost[:-1] + (body != letter) + wall
        drop = cost[1:] + 1
        new, start = np.empty_like(cost), np.empty_like(begin)
        new[0], start[0] = i, 0
        take = swap <= drop
        new[1:] = np.where(take, swap, drop)
        start[1:] = np.where(take, begin[:-1], begin[1:])
        # an extra letter in the page costs one: the best cost so far, plus the way from there
        slid = np.minimum.accumulate(new - index)
        source = np.maximum.accumulate(np.where(new - index == slid, index, 0))
        cost, begin = slid + index, start[source]
    return _hits(page, cost, begin, len(pattern), limit)


def _hits(
    page: Page, cost: NDArray[np.int32], begin: NDArray[np.int32], length: int, limit: float
) -> list[Hit]:
    hits: list[Hit] = []
    # of equal costs the longest match: it leaves no misread letter of the label behind
    for end in np.lexsort((-np.arange(len(cost) - 1), cost[1:])):
        share = float(cost[end + 1]) / length
        if share > limit:
            break
        first = int(begin[end + 1])
        line, last = page.origin[int(end)]
        start_line, start = page.origin[min(first, len(page.origin) - 1)]
        if start_line == line and not any(h.line == line and h.start <= last and start < h.end for h in hits):
            hits.append(Hit(line, start, last + 1, share))
    return hits
