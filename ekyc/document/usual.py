"""Where values usually stand, for those whose label could not be read; fitted to the labels that could.

Millimetres from the card's top left corner. A row is (left end, right end, middle).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import median

from ekyc.document.layout import CAN_CUOC_BACK, CAN_CUOC_FRONT, CARD_MM, CHIP_BACK, CHIP_FRONT, Layout
from ekyc.document.lines import Box
from ekyc.document.page import Page
from ekyc.document.pieces import Found, Piece, same_row

Row = tuple[float, float, float]

_ROWS: dict[Layout, dict[str, tuple[Row, ...]]] = {
    CHIP_FRONT: {
        "full_name": ((26.5, 81.0, 30.2),),
        "date_of_birth": ((49.0, 81.0, 33.7),),
        "sex": ((40.0, 47.5, 37.2),),
        "nationality": ((68.0, 82.0, 37.2),),
        "place_of_origin": ((26.5, 81.0, 43.9),),
        "place_of_residence": ((59.0, 81.0, 46.9), (26.5, 81.0, 50.2)),
        "date_of_expiry": ((11.5, 26.4, 50.1),),
    },
    CHIP_BACK: {"date_of_issue": ((36.0, 55.0, 12.0),)},
    CAN_CUOC_FRONT: {
        "full_name": ((27.0, 82.0, 33.8),),
        "date_of_birth": ((27.0, 60.0, 41.0),),
        "sex": ((64.5, 74.0, 41.0),),
        "nationality": ((27.0, 42.0, 47.7),),
    },
    CAN_CUOC_BACK: {
        "place_of_residence": ((4.5, 60.0, 6.9), (4.5, 60.0, 9.9)),
        "date_of_issue": ((22.5, 51.0, 25.0),),
        "date_of_expiry": ((22.5, 51.0, 30.6),),
    },
}
_UP, _SIDE = 1.5, 3.5  # mm that a value may stand off
_LABEL_LOST = 6.0  # mm
_LINE = 150  # pixels: shorter print tells nothing of a column
_BELOW = 2.2  # mm from the last usual row of an address to where something else begins
_HALF_ROW = 1.7  # mm
_LATE = 0.6  # of a row's height: a row that begins so much later has lost its first letters
_LEAST_SPREAD = 8.0  # mm between two labels that may tell the scale
_SCALE = (0.85, 1.18)  # of a card cut out wrongly


@dataclass(frozen=True, slots=True)
class Fit:
    """From usual millimetres to this card's pixels: x = ax * mm + bx, y = ay * mm + by."""

    ax: float
    bx: float
    ay: float
    by: float


def fit(page: Page, found: Sequence[Found]) -> Fit | None:
    """From the labels' usual places to where they were found; None with fewer than two of them."""
    if len(found) < 2:
        return None
    height, width = page.grey.shape
    ax, ay = width / CARD_MM[0], height / CARD_MM[1]
    ys = [(f.label.near[1], float(f.box.top)) for f in found]
    # the median over pairs (Theil 1950) lets no single wrong label bend the scale
    slopes = [
        (b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(ys, 2) if abs(b[0] - a[0]) > _LEAST_SPREAD
    ]
    if len(slopes) >= 3:
        ay = min(max(median(slopes), _SCALE[0] * ay), _SCALE[1] * ay)
    return Fit(
        ax,
        median(f.box.left - ax * f.label.near[0] for f in found),
        ay,
        median(y - ay * mm for mm, y in ys),
    )


def at_usual_place(
    page: Page, layout: Layout, found: Sequence[Found], pieces: Sequence[Piece], name: str
) -> list[Piece]:
    """The pieces that stand where a field's value usually does."""
    rows = _ROWS.get(layout, {}).get(name, ())
    place = fit(page, found)
    if place is None:
        return []
    return [piece for piece in pieces if any(_stands(piece, row, place) for row in rows)]


def _stands(piece: Piece, row: Row, place: Fit) -> bool:
    left, right, middle = row
    return (
        abs(piece.box.middle - place.ay * middle - place.by) < _UP * place.ay
        and piece.box.left > place.ax * (left - _SIDE) + place.bx
        and piece.box.right < place.ax * (right + _SIDE) + place.bx
    )


def usual_strip(page: Page, layout: Layout, found: Sequence[Found], name: str) -> Piece | None:
    """The paper where a short value usually stands, for one that the line finder did not see."""
    rows, place = _ROWS.get(layout, {}).get(name, ()), fit(page, found)
    if place is None or len(rows) != 1:
        return None
    left, right, middle = rows[0]
    x, y = place.ax * left + place.bx, place.ay * middle + place.by
    half = _HALF_ROW * place.ay
    height, width = page.grey.shape
    box = Box(
        max(0, round(x)),
        max(0, round(y - half)),
        min(width, round(place.ax * right + place.bx)),
        min(height, round(y + half)),
    )
    return Piece(box, "a") if box.width > 4 * half and box.height > half else None


def whole_rows(
    page: Page, layout: Layout, found: Sequence[Found], name: str, pieces: Sequence[Piece]
) -> list[Piece]:
    """The rows of a longer value, each in one piece, what glare hid in the middle or at the start too."""
    place, usual = fit(page, found), _ROWS.get(layout, {}).get(name, ())
    if place is not None and len(usual) > 1:
        last = place.ay * (usual[-1][2] + _BELOW) + place.by
        pieces = [piece for piece in pieces if piece.box.middle < last] or pieces
    rows: list[Piece] = []
    for piece in pieces:
        if rows and same_row(rows[-1].box, piece.box):
            rows[-1] = rows[-1].with_(piece)
        else:
            rows.append(piece)
    if place is None or not usual:
        return rows
    start = round(place.ax * usual[-1][0] + place.bx)
    if len({left for left, _, _ in usual}) > 1:
        # the first row stands behind its label, and the expiry left of the second
        return rows[:1] + [_from(row, start) for row in rows[1:]]
    start = _column_start(place, start, page)
    return [_from(row, start) for row in rows]


def to_the_edge(page: Page, layout: Layout, found: Sequence[Found], name: str, row: Piece) -> Piece | None:
    """A row as far right as its value may reach; None when it does already."""
    place, usual = fit(page, found), _ROWS.get(layout, {}).get(name, ())
    if place is None or not usual:
        return None
    right = min(page.grey.shape[1], round(place.ax * usual[-1][1] + place.bx))
    if right - row.box.right < row.box.height:
        return None
    return Piece(replace(row.box, right=right), row.text, row.owner)


def _column_start(place: Fit, start: int, page: Page) -> int:
    """Where the rows of a column begin. Labels that lost their first letters put it too far right."""
    far = start - _LABEL_LOST * place.ax
    return min(
        (ln.box.left for ln in page.lines if far < ln.box.left <= start and ln.box.width > _LINE),
        default=start,
    )


def _from(row: Piece, start: int) -> Piece:
    late = row.box.left - start
    return Piece(replace(row.box, left=start), row.text, row.owner) if late > _LATE * row.box.height else row
