"""Which card and which side a text comes from, by what is printed on it, never by its colours."""

from __future__ import annotations

from dataclasses import dataclass

from ekyc.document.layout import LAYOUTS, Layout
from ekyc.document.page import Page, search
from ekyc.document.papers import refuse_other_papers
from ekyc.errors import EkycError

_LIMIT = 0.30  # edits per letter at which a label still counts
_LEAST_SCORE = 1.6
# print that can be read without doubt, and not a single label of a card among it
_STRANGE_SCORE, _STRANGE_LETTERS, _CLEAR = 0.1, 16, 0.9
_MRZ_WEIGHT, _QR_WEIGHT = 2.0, 1.0


@dataclass(frozen=True, slots=True)
class Machine:
    """What machines could read on the side."""

    qr: bool
    mrz: bool


def recognise(page: Page, machine: Machine) -> Layout | None:
    """The layout that the side follows; None when too little of any was read.

    Raises EkycError card_cmnd_ended, card_other_paper.
    """
    if not machine.qr and not machine.mrz:
        refuse_other_papers(page)
    scores = {layout: _score(page, layout) + _evidence(layout, machine) for layout in LAYOUTS}
    best = max(scores, key=lambda layout: scores[layout])
    if scores[best] < _STRANGE_SCORE and sum(_clear_letters(page)) > _STRANGE_LETTERS:
        raise EkycError("card_other_paper", "no label of any card on it")
    return best if scores[best] >= _LEAST_SCORE else None


def _clear_letters(page: Page) -> list[int]:
    """Letters of each line in which no sign is in doubt."""
    return [len(line.line.text) for line in page.lines if line.line.confidence > _CLEAR]


def _score(page: Page, layout: Layout) -> float:
    if any(search(page, *text) for text in layout.without):
        return 0.0
    total = 0.0
    for label in layout.labels:
        costs = [
            hits[0].cost for form in _telling(layout, label.forms) if (hits := search(page, form, _LIMIT))
        ]
        if costs:
            total += label.weight * (1 - min(costs) / _LIMIT / 2)
    return total


def _telling(layout: Layout, forms: tuple[str, ...]) -> tuple[str, ...]:
    """Forms that speak for the layout: whole labels; shorter wordings only where English must be absent."""
    # as short as "Số / No.": it would be found anywhere
    return tuple(form for form in (forms if layout.without else forms[:1]) if len(form) >= 10)


def _evidence(layout: Layout, machine: Machine) -> float:
    """The chip card has QR in front and the zone behind; the 2024 card has both behind, none in front."""
    score = _MRZ_WEIGHT * (1 if layout.mrz else -1) if machine.mrz else 0.0
    return score + (_QR_WEIGHT * (1 if layout.qr else -1) if machine.qr else 0.0)
