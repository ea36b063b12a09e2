"""Photo bytes in, reading out: the one door to this package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import cv2
import numpy as np

from ekyc.authenticity.cues import authenticity_checks
from ekyc.authenticity.view import View
from ekyc.document.fuse import fuse
from ekyc.document.geometry import HEIGHT, WIDTH, Quad, rectify, upside_down
from ekyc.document.kind import Machine, recognise
from ekyc.document.layout import CARD_MM, Layout
from ekyc.document.lines import find_lines
from ekyc.document.locate import locate
from ekyc.document.mrz import Mrz
from ekyc.document.mrz_read import read_mrz
from ekyc.document.page import Page, read_page
from ekyc.document.printed import read_print
from ekyc.document.qr import QrPayload
from ekyc.document.qr_find import find_qr
from ekyc.document.quality import BLURRED, Quality, measure
from ekyc.document.upright import lies_upside_down
from ekyc.errors import EkycError
from ekyc.image import decode, encode_jpeg, sha256
from ekyc.ports import Image
from ekyc.types import Check, DocumentReading, Field, Side, SideReading

_LEAST_CONFIDENCE = 0.3  # of the number in its best source
_PORTRAIT_MM = (2.5, 15.5, 26.0, 50.5)  # the printed 20 x 30 mm, with room for other printings


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one upright rectified card gave."""

    card: Image
    page: Page
    qr: QrPayload | None
    mrz: Mrz | None
    quality: Quality


def read_document(
    front: bytes, back: bytes | None, *, use_qr: bool = True, today: date | None = None
) -> DocumentReading:
    """Read one or both sides and fuse them.

    With one photo either side is read; with two, ``front`` must be a front. ``today`` is the day in
    Viet Nam on which the card must still be valid (check ``not_expired``).
    Raises EkycError: those of ``read_side`` and ``fuse``.
    """
    first = read_side(front, None)
    second = None if back is None else read_side(back, None)
    return fuse(first, second, use_qr=use_qr, today=today)


def read_side(image: bytes, expected: Side | None = None) -> SideReading:
    """Find and read one side of a card in a photo (JPEG, PNG or WebP), lying any way.

    Raises EkycError: image_* for the file; card_not_found, card_several, card_cut_off, card_too_small for its
    place; card_too_dark, card_blurred, card_glare*, card_unreadable when too little can be read;
    card_cmnd_ended, card_other_paper; card_wrong_side when it is not the ``expected`` side.
    """
    photo = decode(image)
    seen = _look(rectify(photo, _likely_upright(locate(photo))))
    layout = recognise(seen.page, Machine(seen.qr is not None, seen.mrz is not None))
    if layout is None:
        raise _refusal(seen, None)
    if expected is not None and layout.side != expected:
        raise EkycError("card_wrong_side", layout.side)
    fields = _fields(seen, layout)
    _require_enough(fields, layout, seen)
    return SideReading(
        side=layout.side,
        document_type=layout.document_type,
        fields=fields,
        checks=(
            *(seen.mrz.checks() if seen.mrz and layout.mrz else _missing_mrz(layout)),
            *authenticity_checks(View(seen.card, photo, layout.document_type, layout.side)),
        ),
        portrait=_portrait(seen.card) if layout.side == "front" else None,
        sha256=sha256(image),
    )


def _likely_upright(quad: Quad) -> Quad:
    """Most cards are photographed upright; the others are turned once they have been looked at."""
    return np.roll(quad, 2, 0) if quad[0].sum() > quad[2].sum() else quad


def _look(card: Image) -> _Seen:
    grey = _grey(card)
    qr = find_qr(grey)
    boxes = find_lines(grey) if qr is None else []
    if lies_upside_down(grey, qr, boxes):
        card = upside_down(card)
        grey = _grey(card)
        boxes = []
    page = read_page(grey, boxes or find_lines(grey))
    mrz = read_mrz(grey, [line.box for line in page.lines])
    return _Seen(card, page, qr.payload if qr else None, mrz, measure(card))


def _grey(card: Image) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(cv2.cvtColor(card, cv2.COLOR_RGB2GRAY), np.uint8)


def _fields(seen: _Seen, layout: Layout) -> dict[str, dict[str, Field]]:
    qr = seen.qr
    if qr is None and layout.qr:
        found = find_qr(seen.page.grey, thorough=True)
        qr = found.payload if found else None
    fields = {"print": read_print(seen.page, layout)}
    if qr is not None:
        fields["qr"] = qr.fields()
    if seen.mrz is not None and layout.mrz:
        fields["mrz"] = seen.mrz.fields()
    return fields


def _missing_mrz(layout: Layout) -> tuple[Check, ...]:
    return (Check("mrz_digits", "unavailable", "not read"),) if layout.mrz else ()


def _require_enough(fields: dict[str, dict[str, Field]], layout: Layout, seen: _Seen) -> None:
    """A side that does not tell its main fact, or too soft a picture to be trusted, is of no use."""
    # the back of the card of 2016 has no number
    fact = "number" if layout.mrz or layout.side == "front" else "date_of_issue"
    read = [source[fact].confidence for source in fields.values() if fact in source]
    if not read or max(read) < _LEAST_CONFIDENCE:
        raise _refusal(seen, layout.side)
    if seen.quality.sharpness < BLURRED and "qr" not in fields:
        raise _refusal(seen, layout.side)
    if layout.side == "front" and seen.quality.face_hidden:
        raise EkycError("card_glare_on_photo", f"{seen.quality.face_glare:.2f} of the face burnt out")


def _refusal(seen: _Seen, side: Side | None) -> EkycError:
    """Why nothing could be read, as far as the picture tells."""
    quality = seen.quality
    detail = f"sharpness {quality.sharpness:.2f}, glare {quality.glare:.2f}, paper {quality.paper:.0f}"
    fault = quality.fault(side)
    if fault is None and len(seen.page.lines) < 3:
        return EkycError("card_not_found", "no print on it")
    return EkycError(fault or "card_unreadable", detail)


def _portrait(card: Image) -> bytes:
    left, top, right, bottom = _PORTRAIT_MM
    x, y = WIDTH / CARD_MM[0], HEIGHT / CARD_MM[1]
    return encode_jpeg(card[round(top * y) : round(bottom * y), round(left * x) : round(right * x)], 92)
