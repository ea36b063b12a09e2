"""Fields from the print of a side: finds what answers each label, then reads that piece again, closely."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ekyc.document.layout import Layout
from ekyc.document.lines import Box
from ekyc.document.page import Page
from ekyc.document.text import MAX_ADDRESS, MAX_NAME, iso_date, tidy
from ekyc.document.values import Answers, Piece, answers, in_rows
from ekyc.reader.recogniser import Line, recogniser
from ekyc.types import Field

_DATE = re.compile(r"(\d{1,2})\s*[/.,\-:]\s*(\d{1,2})\s*[/.,\-:]\s*(\d{4})")
_NO_EXPIRY = re.compile(r"kh[oôõòơ]ng\s*th[oôờởơ]", re.IGNORECASE)
_LOOKALIKES = str.maketrans("OoQDIl|SsBZzGUu", "000011155822600")
_ADDRESSES = ("place_of_origin", "place_of_residence")
_DATES = ("date_of_birth", "date_of_issue", "date_of_expiry")


def read_print(page: Page, layout: Layout) -> dict[str, Field]:
    """Field name -> what is printed, for the fields that this side of this type has."""
    given = answers(page, layout)
    wanted = {label.field for label in layout.labels if label.field}
    fields: dict[str, Field] = {}
    for name in wanted:
        found = _read(page, given, name)
        if found is not None:
            fields[name] = found
    fields.pop("place_of_birth", None)
    return fields


def _read(page: Page, given: Answers, name: str) -> Field | None:
    if name == "number":
        return _number(page, given)
    pieces = given.of(name)
    if name in _DATES:
        return _date(page, pieces, name)
    if name in _ADDRESSES:
        return _address(page, pieces)
    if name == "full_name":
        return _name(page, pieces)
    return _word(page, pieces, name)


def _close(page: Page, box: Box, words: bool = False) -> Line:
    """The piece alone, read again: without its label beside it, it fills the network's height."""
    cut = box.cut(page.grey, 0.14)
    return recogniser().read_words(cut) if words else recogniser().read(cut)


def _number(page: Page, given: Answers) -> Field | None:
    """Twelve digits: those beside or under the label, else the largest print of that shape."""
    pieces = [*given.of("number"), *sorted(given.pieces, key=lambda p: -p.box.height)]
    for piece in pieces:
        if sum(c.isdigit() for c in piece.text) < 9:
            continue
        line = _close(page, piece.box)
        digits = re.sub(r"[^0-9]", "", line.text.translate(_LOOKALIKES))
        if len(digits) == 12:
            return Field(digits, "print", line.confidence, line.text)
    return None


def _name(page: Page, pieces: Sequence[Piece]) -> Field | None:
    lines = [_close(page, piece.box, words=True) for piece in pieces[:2] if _is_name(piece.text)]
    text = tidy(" ".join(line.text for line in lines), MAX_NAME)
    if not text:
        return None
    return Field(text.upper(), "print", min(line.confidence for line in lines), text)


def _is_name(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 2 and sum(c.isupper() for c in letters) > 0.6 * len(letters)


def _date(page: Page, pieces: Sequence[Piece], name: str) -> Field | None:
    for piece in pieces:
        if name == "date_of_expiry" and _NO_EXPIRY.search(piece.text):
            return Field(None, "print", _close(page, piece.box).confidence, "Không thời hạn")
        line = _close(page, piece.box)
        for text, sure in ((line.text, line.confidence), (piece.text, 0.5)):
            match = _DATE.search(text)
            value = iso_date(*match.groups()) if match else None
            if value:
                return Field(value, "print", sure, text)
    return None


def _word(page: Page, pieces: Sequence[Piece], name: str) -> Field | None:
    """Sex and nationality: one of a few words."""
    for piece in pieces:
        line = _close(page, piece.box)
        text = line.text.strip(" :.,").casefold()
        if name == "sex":
            if re.match(r"nam\b", text):
                return Field("male", "print", line.confidence, line.text)
            if re.match(r"n[ữuưứừử]", text):
                return Field("female", "print", line.confidence, line.text)
        elif re.match(r"v[iíỉ][eêệẹể]t\s*nam", text):
            return Field("Việt Nam", "print", line.confidence, line.text)
    return None


def _address(page: Page, pieces: Sequence[Piece]) -> Field | None:
    """One to three rows. A date at a row's start belongs to the expiry printed beside it."""
    lines = []
    for piece in in_rows(pieces)[:4]:
        if _DATE.fullmatch(piece.text.strip()):
            continue
        line = _close(page, piece.box, words=True)
        text = _DATE.sub("", line.text, count=1) if _DATE.match(line.text) else line.text
        if any(c.isalnum() for c in text):
            lines.append((text.strip(" :;"), line.confidence))
    text = tidy(" ".join(text for text, _ in lines), MAX_ADDRESS)
    if not text:
        return None
    return Field(text.strip(" ,."), "print", min(sure for _, sure in lines), text)
