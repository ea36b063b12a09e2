"""Fields from the print of a side: finds what answers each label, then reads that piece again, closely."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ekyc.document.layout import CARD_MM, Layout
from ekyc.document.lines import Box
from ekyc.document.page import Page
from ekyc.document.places import correct_address
from ekyc.document.text import MAX_ADDRESS, MAX_NAME, iso_date, tidy
from ekyc.document.values import WORD_SPACE, Answers, Piece, answers, in_rows, same_row
from ekyc.reader.recogniser import Line, recogniser
from ekyc.types import Field

# a slash may be lost between two digits, or read as another thin sign
_DATE = re.compile(r"(?<!\d)(\d{2})\s*[/.,\-:l|I1]?\s*(\d{2})\s*[/.,\-:l|I1]?\s*(\d{4})(?!\d)")
_NO_EXPIRY = re.compile(r"kh[oôõòơ]ng\s*th[oôờởơ]", re.IGNORECASE)
_TWELVE = re.compile(r"[0-9OoQDIl|SsBZzGU]{12}$")
_NOISE = 0.12  # certainty of the weakest sign below which a piece is no text at all
_LOOKALIKES = str.maketrans("OoQDIl|SsBZzGUu", "000011155822600")
_ADDRESSES = ("place_of_origin", "place_of_residence")
_DATES = ("date_of_birth", "date_of_issue", "date_of_expiry")


def read_print(page: Page, layout: Layout) -> dict[str, Field]:
    """Field name -> what is printed, for the fields that this side of this type has."""
    given = answers(page, layout)
    wanted = {label.field for label in layout.labels if label.field}
    fields: dict[str, Field] = {}
    for name in wanted:
        found = _read(page, layout, given, name)
        if found is not None:
            fields[name] = found
    fields.pop("place_of_birth", None)
    return fields


def _read(page: Page, layout: Layout, given: Answers, name: str) -> Field | None:
    if name == "number":
        return _number(page, given)
    pieces = given.of(name)
    if name in _DATES:
        return _date(page, pieces or _stray_dates(page, given, layout, name), name)
    if name in _ADDRESSES:
        return _address(page, pieces)
    if name == "full_name":
        return _name(page, pieces)
    return _word(page, pieces, name)


def _close(page: Page, piece: Piece, words: bool = False) -> Line:
    """The piece alone, read again: without its label beside it, it fills the network's height."""
    small = any(c.islower() for c in piece.text)
    cut = (piece.box if small else piece.box.tight()).cut(page.grey, 0.14)
    return recogniser().read_words(cut) if words else recogniser().read(cut)


def _number(page: Page, given: Answers) -> Field | None:
    """Twelve digits: those beside or under the label, else the largest print of that shape."""
    pieces = [*given.of("number"), *sorted(given.pieces, key=lambda p: -p.box.height)]
    for piece in pieces:
        if sum(c.isdigit() for c in piece.text) < 9:
            continue
        line = _close(page, piece)
        match = _TWELVE.search(re.sub(r"[\s.,:\-]", "", line.text))
        if match and sum(c.isdigit() for c in match.group()) >= 10:
            return Field(match.group().translate(_LOOKALIKES), "print", line.confidence, line.text)
    return None


def _name(page: Page, pieces: Sequence[Piece]) -> Field | None:
    lines = [_close(page, piece, words=True) for piece in _joined(pieces)[:2] if _is_name(piece.text)]
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
            return Field(None, "print", _close(page, piece).confidence, "Không thời hạn")
        line = _close(page, piece)
        for text, sure in ((line.text, line.confidence), (piece.text, 0.5)):
            match = _DATE.search(text)
            value = iso_date(*match.groups()) if match else None
            if value:
                return Field(value, "print", sure, text)
    return None


def _stray_dates(page: Page, given: Answers, layout: Layout, name: str) -> list[Piece]:
    """Dates that answer no label that was read, where the missing label usually stands."""
    label = next(label for label in layout.labels if label.field == name)
    x, y = (
        share * size / mm for share, size, mm in zip(label.near, page.grey.shape[::-1], CARD_MM, strict=True)
    )
    stray = [p for p in given.pieces if p.owner is None and _DATE.search(p.text)]
    near = [p for p in stray if abs(p.box.middle - y) < 0.09 * page.grey.shape[0] and p.box.right > x]
    return sorted(near, key=lambda p: abs(p.box.middle - y))


def _word(page: Page, pieces: Sequence[Piece], name: str) -> Field | None:
    """Sex and nationality: one of a few words."""
    for piece in pieces:
        line = _close(page, piece)
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
    for piece in _joined(in_rows(pieces))[:4]:
        if _DATE.fullmatch(piece.text.strip()):
            continue
        line = _close(page, piece, words=True)
        text = _DATE.sub("", line.text, count=1) if _DATE.match(line.text) else line.text
        if any(c.isalnum() for c in text) and line.confidence > _NOISE:
            lines.append((text.strip(" :;"), line.confidence))
    raw = tidy(" ".join(text for text, _ in lines), MAX_ADDRESS).strip(" ,.")
    if not raw:
        return None
    return Field(correct_address(raw), "print", min(sure for _, sure in lines), raw)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces of one row with no more than a word's space between read as one; far-off scraps are dropped."""
    rows: list[Piece] = []
    for piece in pieces:
        last = rows[-1] if rows else None
        if last is None or not same_row(last.box, piece.box):
            rows.append(piece)
            continue
        gap = piece.box.left - last.box.right
        if gap < WORD_SPACE * last.box.height:
            band = last.box.band if last.box.width > piece.box.width else piece.box.band
            box = Box(
                last.box.left,
                min(last.box.top, piece.box.top),
                max(last.box.right, piece.box.right),
                max(last.box.bottom, piece.box.bottom),
                band,
            )
            rows[-1] = Piece(box, f"{last.text} {piece.text}", last.owner)
        elif len(piece.text) > 3:
            rows.append(piece)
    return rows
