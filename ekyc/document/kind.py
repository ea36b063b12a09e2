"""Which card and which side a text comes from, by what is printed on it, never by its colours."""

from __future__ import annotations

from dataclasses import dataclass

from ekyc.document.layout import CHIP_FRONT, LAYOUTS, OLD_PAPERS, Layout
from ekyc.document.page import Page, search
from ekyc.errors import EkycError
from ekyc.types import DocumentType

_LIMIT = 0.30  # edits per letter at which a label still counts
_LEAST_SCORE = 1.6
_MRZ_WEIGHT, _QR_WEIGHT = 2.0, 1.0


@dataclass(frozen=True, slots=True)
class Machine:
    """What machines could read on the side."""

    qr: bool
    mrz: bool


def recognise(page: Page, machine: Machine) -> Layout | None:
    """The layout that the side follows; None when too little of any was read.

    Raises EkycError("card_type_not_accepted") for a CMND or a citizen card with barcode.
    """
    scores = {layout: _score(page, layout) + _evidence(layout, machine) for layout in LAYOUTS}
    best = max(scores, key=lambda layout: scores[layout])
    if not machine.qr and not machine.mrz:
        _refuse_old_papers(page)
    return best if scores[best] >= _LEAST_SCORE else None


def _score(page: Page, layout: Layout) -> float:
    total = 0.0
    for label in layout.labels:
        if len(label.forms[0]) < 10:
            continue  # as short as "Số / No.": it would be found anywhere
        hits = search(page, label.forms[0], _LIMIT)
        if hits:
            total += label.weight * (1 - hits[0].cost / _LIMIT / 2)
    return total


def _evidence(layout: Layout, machine: Machine) -> float:
    """The chip card has QR in front and the zone behind; the 2024 card has both behind, none in front."""
    prints_mrz = layout.side == "back"
    prints_qr = layout is CHIP_FRONT or (layout.side == "back" and layout.document_type == "can_cuoc")
    score = _MRZ_WEIGHT * (1 if prints_mrz else -1) if machine.mrz else 0.0
    return score + (_QR_WEIGHT * (1 if prints_qr else -1) if machine.qr else 0.0)


def _refuse_old_papers(page: Page) -> None:
    for text, document_type in OLD_PAPERS:
        if search(page, text, 0.2):
            raise EkycError("card_type_not_accepted", document_type)
    # citizen cards with a barcode have the same title and no English: all of it must be missing
    vietnamese = ("CĂN CƯỚC CÔNG DÂN", "Họ và tên", "Ngày sinh", "Nơi thường trú")
    english = (
        ("Citizen Identity Card", 0.5),
        ("Place of residence", 0.5),
        ("Full name", 0.3),
        ("Date of birth", 0.3),
    )
    if all(search(page, text, 0.2) for text in vietnamese) and not any(
        search(page, *text) for text in english
    ):
        raise EkycError("card_type_not_accepted", DocumentType.CCCD_BARCODE)
