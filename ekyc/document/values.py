"""From labels to the pieces of print that answer them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from ekyc.document.layout import CARD_MM, Label, Layout
from ekyc.document.lines import Box
from ekyc.document.page import Hit, Page, bare_text, search
from ekyc.document.pieces import WORD_SPACE, Found, Piece, hit_box, in_rows, part_of, pieces_of, same_row

_FULL_LIMIT = 0.34  # edits per letter for a label's full text
_LOOSE_LIMIT, _LOOSE_MM = 0.62, 5.0  # for a label that is only found by its place
_SHORT_LIMIT = 0.25  # ... for one of its shorter forms
_FAR_LEFT = 60  # pixels that a value may begin left of its label
_NEXT_LINE = 2.3  # line heights between a label's row and the first value below it
_ROW_ABOVE, _ROW_BELOW = -1.0, 6.0  # mm from a label's usual top to the middle of its value's row
_SAME_ROW_GAP = 420  # pixels between a label and a value in its row


Claim = tuple[float, Label, Hit, str]  # cost, label, where, and the form that was found


@dataclass(slots=True)
class Answers:
    """Pieces by field name, in reading order, and the pieces that answer nothing."""

    found: list[Found] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    def of(self, name: str) -> list[Piece]:
        """Pieces that answer a field's label, row by row."""
        return in_rows([p for p in self.pieces if p.owner is not None and p.owner.label.field == name])


def answers(page: Page, layout: Layout) -> Answers:
    """Find the layout's labels and give each piece of print to the label that it answers."""
    found = find_labels(page, layout)
    pieces = pieces_of(page, layout, found)
    for piece in in_rows(pieces):
        piece.owner = (
            _owner_beside(piece, pieces)
            or _owner_in_row(piece, found, pieces)
            or _owner_above(piece, found, pieces)
        )
    return Answers(found, pieces)


def find_labels(page: Page, layout: Layout) -> list[Found]:
    """The best place of each label; where two claim the same print, the better match wins."""
    taken = _settle(page, [], [claim for label in layout.labels for claim in _claims(page, label)])
    # a label too soft to be read is still where its neighbours say
    shift = shift_of(page, taken)
    missing = [label for label in layout.labels if label.field and not any(f.label is label for f in taken)]
    return _settle(page, taken, [claim for label in missing for claim in _loose_claims(page, label, shift)])


def _settle(page: Page, taken: list[Found], claims: Sequence[Claim]) -> list[Found]:
    """``taken`` and those of the claims that do not overlap a better one."""
    taken = list(taken)
    # long texts first among equals: "Place of residence" must not lose to a shorter look-alike
    for _, label, hit, form in sorted(claims, key=lambda c: (c[0], -(c[2].end - c[2].start))):
        box = hit_box(page, hit)
        overlaps = any(
            f.hit.line == hit.line and f.hit.start < hit.end and hit.start < f.hit.end for f in taken
        )
        # a label may stand in two pieces, Vietnamese and English, side by side or one under the other
        apart = any(f.label is label and abs(f.box.middle - box.middle) > 2 * box.height for f in taken)
        if not overlaps and not apart:
            taken.append(Found(label, hit, box, form))
    return taken


def shift_of(page: Page, taken: Sequence[Found]) -> tuple[float, float]:
    """Millimetres by which this card's labels stand away from their usual places."""
    if not taken:
        return 0.0, 0.0
    offsets = [_place(page, f.box) for f in taken]
    return (
        median(x - f.label.near[0] for (x, _), f in zip(offsets, taken, strict=True)),
        median(y - f.label.near[1] for (_, y), f in zip(offsets, taken, strict=True)),
    )


def _loose_claims(page: Page, label: Label, shift: tuple[float, float]) -> list[Claim]:
    if not label.field.startswith("place"):
        return []  # the others are short, or their values can be told by their shape
    hits = [(h, form) for form in label.forms if len(form) > 20 for h in search(page, form, _LOOSE_LIMIT)]
    near = [
        (hit.cost, label, hit, form) for hit, form in hits if _distance(page, hit, label, shift) < _LOOSE_MM
    ]
    return sorted(near, key=lambda claim: claim[0])[:1]


def _claims(page: Page, label: Label) -> list[Claim]:
    """The best place of each form of a label, the full form preferred."""
    claims = []
    for rank, form in enumerate(label.forms):
        short = len(form) < 10
        limit = 0.25 if short else _FULL_LIMIT if rank == 0 else _SHORT_LIMIT
        hits = [h for h in search(page, form, limit) if not short or _distance(page, h, label) < 14]
        if hits:
            best = min(hits[:4], key=lambda h: h.cost + 0.004 * _distance(page, h, label))
            claims.append((best.cost + (0.4 if rank else 0.0), label, best, form))
    return claims


def _place(page: Page, box: Box) -> tuple[float, float]:
    """The box's top left corner in millimetres of the card."""
    height, width = page.grey.shape
    return box.left * CARD_MM[0] / width, box.top * CARD_MM[1] / height


def _distance(page: Page, hit: Hit, label: Label, shift: tuple[float, float] = (0.0, 0.0)) -> float:
    """Millimetres between a hit and the label's usual place."""
    x, y = _place(page, hit_box(page, hit))
    return abs(x - label.near[0] - shift[0]) + abs(y - label.near[1] - shift[1])


def accepts(name: str, text: str) -> bool:
    """Whether print of this kind can answer the field at all."""
    digits = sum(c.isdigit() for c in text)
    if name.startswith("date"):
        return digits >= 5 or "h" in text.casefold().split(" ")[-1][:2]
    if name == "number":
        return digits >= 8
    if name in ("sex", "nationality"):
        return digits == 0 and len(text) <= 14 and bare_text(text)[:1] in ("n" if name == "sex" else "v", "")
    if name == "full_name":
        return digits == 0 and is_name(text)
    return digits < 0.6 * len(text)


def is_name(text: str) -> bool:
    """Names are printed in capitals."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 2 and sum(c.isupper() for c in letters) > 0.6 * len(letters)


def _owner_beside(piece: Piece, pieces: Sequence[Piece]) -> Found | None:
    """The owner of a piece that ends a word's space to the left: the same value goes on."""
    for other in pieces:
        gap = piece.box.left - other.box.right
        if other.owner is None or not same_row(other.box, piece.box) or piece.box.left <= other.box.left:
            continue
        if gap < WORD_SPACE * piece.box.height and accepts(other.owner.label.field, piece.text):
            return other.owner
    return None


def _owner_in_row(piece: Piece, found: Sequence[Found], pieces: Sequence[Piece]) -> Found | None:
    """The label just left of the piece, with nothing but its other pieces between."""
    left = [
        f
        for f in found
        if same_row(f.box, piece.box)
        and f.box.right <= piece.box.left + 20
        and accepts(f.label.field, piece.text)
    ]
    if not left:
        return None
    nearest = max(left, key=lambda f: f.box.right)
    between = [
        p
        for p in pieces
        if p is not piece and same_row(p.box, piece.box) and nearest.box.left < p.box.left < piece.box.left
    ]
    edge = max([nearest.box.right, *(p.box.right for p in between)])
    return nearest if piece.box.left - edge < _SAME_ROW_GAP and nearest.label.field else None


def _owner_above(piece: Piece, found: Sequence[Found], pieces: Sequence[Piece]) -> Found | None:
    """The label that the piece stands under: first line, or a further line of the same value."""
    best: tuple[float, Found] | None = None
    for f in found:
        if f.box.middle >= piece.box.middle or same_row(f.box, piece.box):
            continue
        if not f.label.field or not accepts(f.label.field, piece.text):
            continue
        above = [p for p in pieces if p.owner is f and p.box.middle < piece.box.middle]
        last = max([f.box.middle, *(p.box.middle for p in above)])
        height = max(piece.box.height, f.box.height)
        down = (piece.box.middle - last) / height
        across = piece.box.left - f.box.left
        if down > _NEXT_LINE or across < -_FAR_LEFT or _blocked(piece, f, found):
            continue
        score = down + max(0.0, across) / 150 + max(0.0, -across) / 50
        if best is None or score < best[0]:
            best = (score, f)
    return best[1] if best else None


def _blocked(piece: Piece, owner: Found, found: Sequence[Found]) -> bool:
    """Another label begins between owner and piece, in the same column."""
    return any(
        f is not owner
        and owner.box.middle < f.box.middle < piece.box.middle
        and not same_row(f.box, owner.box)
        and not same_row(f.box, piece.box)
        and abs(f.box.left - owner.box.left) < 120
        for f in found
    )


def words_near(
    page: Page, layout: Layout, found: Sequence[Found], name: str, shape: re.Pattern[str]
) -> list[Piece]:
    """Print of a shape in the row of a label, or the row below it, whether or not the label was read."""
    x, y = next(label.near for label in layout.labels if label.field == name)
    dx, dy = shift_of(page, found)
    height, width = page.grey.shape
    pieces = []
    for line in page.lines:
        down = (line.box.middle * CARD_MM[1] / height) - y - dy
        for match in shape.finditer(line.line.text):
            box = part_of(line, *match.span())
            if _ROW_ABOVE < down < _ROW_BELOW and box.left * CARD_MM[0] / width > x + dx - 2:
                pieces.append(Piece(box, match.group()))
    return pieces
