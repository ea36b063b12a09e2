"""Print that is no label: what is left of each line, cut and joined to the pieces that were printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from ekyc.document.layout import Label, Layout
from ekyc.document.lines import Box
from ekyc.document.page import Hit, Page, TextLine

WORD_SPACE = 0.7  # of a line's height: more than that lies between two things
_NARROW, _WIDE = frozenset("iljtfrI.,:;/'| "), frozenset("mwMWĐOQGCN")
_END_SLACK = 0.09  # of a label's length: how well its end can be foretold
_TOUCHING = 0.25  # of a line's height: less than that lies inside a value
_SCRAP = 3  # characters: a longer piece is a word of its own
_ROW = 0.45  # share of a line's height within which middles make one row
_LEADING_DATE = re.compile(r"(\d{2}\D?\d{2}\D?\d{4})\W+(?=[^\W\d])")
_COLUMN_MM = 15.0  # the expiry stands so far left of the column of the other values
_REACH = 60  # pixels that a line must go beyond the column's edge on both sides to be two lines


@dataclass(frozen=True, slots=True)
class Found:
    """A label and its box on the card."""

    label: Label
    hit: Hit
    box: Box
    form: str  # the spelling that was found

    def end(self, text: str) -> float:
        """Pixel column where the whole label must end, from the ``text`` that was read of it."""
        whole = self.label.forms[0]
        if not whole.startswith(self.form) or self.form == whole:
            return float(self.box.right)
        return self.box.left + self.box.width * _length(whole + ":") / max(_length(text), 1.0)


@dataclass(slots=True)
class Piece:
    """Print that is no label. ``owner`` is the label that it answers."""

    box: Box
    text: str
    owner: Found | None = None
    xs: tuple[float, ...] = ()  # pixel column of each character; () if unknown

    def part(self, start: int, end: int) -> Piece:
        """Characters start..end as a piece of their own, cut in the middle of the gaps around them."""
        text, xs, box = self.text, self.xs, self.box
        if len(xs) != len(text):
            return self
        while start < end and text[start] == " ":
            start += 1
        left = round((xs[start - 1] + xs[start]) / 2) if 0 < start < end else box.left
        right = round((xs[end - 1] + xs[end]) / 2) if start < end < len(text) else box.right
        box = replace(box, left=left, right=max(right, left + 1))
        return Piece(box, text[start:end], self.owner, xs[start:end])

    def with_(self, after: Piece) -> Piece:
        """This piece and one that goes on in its row."""
        a, b = self.box, after.box
        band = a.band if a.width > b.width else b.band
        box = Box(a.left, min(a.top, b.top), max(a.right, b.right), max(a.bottom, b.bottom), band)
        space = "" if b.left - a.right < _TOUCHING * min(a.height, b.height) else " "
        return Piece(box, f"{self.text}{space}{after.text}", self.owner)


def pieces_of(page: Page, layout: Layout, found: Sequence[Found]) -> list[Piece]:
    """All print but labels, each value in one piece where the line finder had it in two, and vice versa."""
    column = _column(layout, found)
    values = [value for piece in _left_over(page, found) if (value := _without_labels(page, piece, found))]
    pieces = [part for piece in values for part in _cut_at(piece, column)]
    joined: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: p.box.left):
        at = next((i for i, other in enumerate(joined) if _touches(other, piece, column)), None)
        if at is None:
            joined.append(piece)
        else:
            joined[at] = joined[at].with_(piece)
    return joined


def _length(text: str) -> float:
    """Roughly how long a text is in print, in widths of a usual letter."""
    return sum(0.5 if c in _NARROW else 1.35 if c in _WIDE else 1.0 for c in text)


def _without_labels(page: Page, piece: Piece, found: Sequence[Found]) -> Piece | None:
    """The piece without the unreadable rest of a label at its start; None where nothing else is left."""
    for f in found:
        if not f.label.field or not same_row(f.box, piece.box) or piece.box.right <= f.box.left:
            continue
        end = f.end(page.lines[f.hit.line].line.text[f.hit.start : f.hit.end])
        slack = _END_SLACK * (end - f.box.left)
        if end <= f.box.right or piece.box.left >= end - slack:
            continue
        if piece.box.right < end + slack:
            return None
        at = _value_start(piece, end, slack)
        if at:
            return piece.part(at, len(piece.text))
    return piece


def _value_start(piece: Piece, end: float, slack: float) -> int:
    """The character at which the value begins: after a colon near the label's end, else after a space."""
    for sign, reach in ((":", 2 * slack), (" ", slack)):
        cuts = [i for i, c in enumerate(piece.text[:-1]) if c == sign and abs(piece.xs[i] - end) < reach]
        if cuts:
            return min(cuts, key=lambda i: abs(piece.xs[i] - end)) + 1
    return 0


def _column(layout: Layout, found: Sequence[Found]) -> float | None:
    """Left edge of the values' column where another value stands left of it; None when there is no such."""
    near = [label.near[0] for label in layout.labels if label.field]
    home = max(near, key=near.count)
    if home - min(near) < _COLUMN_MM:
        return None
    edges = [f.box.left for f in found if f.label.field and f.label.near[0] == home]
    return median(edges) if len(edges) >= 2 else None


def _cut_at(piece: Piece, column: float | None) -> list[Piece]:
    """In a blurred photo the expiry and the address beside it pass for one line."""
    box = piece.box
    if column is None or not box.left + _REACH < column < box.right - _REACH or not piece.xs:
        return [piece]
    split = sum(x < column for x in piece.xs)
    if not 0 < split < len(piece.xs):
        return [piece]
    edge = round(column) - 6
    return [
        Piece(replace(box, right=edge), piece.text[:split].rstrip(), xs=piece.xs[:split]),
        Piece(replace(box, left=edge), piece.text[split:].lstrip(), xs=piece.xs[split:]),
    ]


def _touches(one: Piece, other: Piece, column: float | None) -> bool:
    """The second goes on where the first ends: a digit or a letter was cut off its value."""
    if column is not None and one.box.left < column - _REACH and other.box.left > column - _REACH / 2:
        return False
    if min(len(one.text), len(other.text)) > _SCRAP:
        return False
    gap = other.box.left - one.box.right
    return same_row(one.box, other.box) and gap < _TOUCHING * min(one.box.height, other.box.height)


def hit_box(page: Page, hit: Hit) -> Box:
    return part_of(page.lines[hit.line], hit.start, hit.end)


def part_of(line: TextLine, start: int, end: int) -> Box:
    """The box of characters start..end of a line, cut in the middle of the gaps around them."""
    left, right = line.box.left, line.box.right
    if start > 0:
        left = round((line.x_of(start - 1) + line.x_of(start)) / 2)
    if end < len(line.line.text):
        right = round((line.x_of(end - 1) + line.x_of(end)) / 2)
    return replace(line.box, left=left, right=max(right, left + 1))


def _left_over(page: Page, found: Sequence[Found]) -> list[Piece]:
    """What remains of each line when labels, and the colons after them, are taken out."""
    pieces = []
    for number, text_line in enumerate(page.lines):
        text = text_line.line.text
        tail = 0
        for hit in [*sorted((f.hit for f in found if f.hit.line == number), key=lambda h: h.start), None]:
            end = hit.start if hit else len(text)
            start = min(end, tail)
            while start < end and text[start] in " :;.,/'-|":
                start += 1
            kept = text[start:end].rstrip(" :;|'")
            for first, last in _split_date(kept):
                if any(c.isalnum() for c in kept[first:last]):
                    ends = start + first, start + last
                    xs = tuple(text_line.x_of(i) for i in range(*ends))
                    pieces.append(Piece(part_of(text_line, *ends), kept[first:last], xs=xs))
            if hit:
                tail = max(hit.end, _after_label(text, hit.end))
    return pieces


def _split_date(text: str) -> list[tuple[int, int]]:
    """Ranges of a date and of what follows it: the expiry may touch the address beside it."""
    match = _LEADING_DATE.match(text)
    return [(0, match.end(1)), (match.end(), len(text))] if match else [(0, len(text))]


def _after_label(text: str, end: int) -> int:
    """Where the label really ends: its English half may be unreadable, but a colon closes it."""
    colon = text.find(":", end, end + 32)
    return end if colon < 0 or any(c.isdigit() for c in text[end:colon]) else colon + 1


def same_row(a: Box, b: Box) -> bool:
    return abs(a.middle - b.middle) < _ROW * max(a.height, b.height)


def in_rows(pieces: Sequence[Piece]) -> list[Piece]:
    """Top to bottom, and left to right within a row."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.box.middle):
        if rows and same_row(rows[-1][-1].box, piece.box):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [p for row in rows for p in sorted(row, key=lambda p: p.box.left)]
