"""Fields from the print of a side: finds what answers each label, then reads that piece again, closely."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ekyc.document.layout import CARD_MM, Layout
from ekyc.document.lines import Box
from ekyc.document.looks import looks
from ekyc.document.page import Page
from ekyc.document.pieces import WORD_SPACE, Piece, in_rows, same_row
from ekyc.document.places import correct_address, ends_in_province
from ekyc.document.ranking import Row, address_cost, name_cost, settle
from ekyc.document.text import MAX_ADDRESS, MAX_NAME, iso_date, tidy
from ekyc.document.usual import at_usual_place, to_the_edge, usual_strip, whole_rows
from ekyc.document.values import Answers, answers, is_name, words_near
from ekyc.reader.recogniser import Line, recogniser
from ekyc.types import FIELD_NAMES, Field

# a slash may be lost between two digits, or read as another thin sign
_DATE = re.compile(r"(?<!\d)(\d{2})\s*[/.,\-:l|I1]?\s*(\d{2})\s*[/.,\-:l|I1]?\s*(\d{4})(?!\d)")
_DATE_LIKE = re.compile(r"[\dOoIl]{1,4}[\d/.,\- OoIl|]{4,}$")  # at the end of a row, softly read
_NO_EXPIRY = re.compile(r"kh[oôõòơ]ng\s*th[oôờởơ]", re.IGNORECASE)
_TWELVE = re.compile(r"[0-9OoQDIl|SsBZzGU]{12}$")
_CLEAR = 0.85  # certainty of the weakest sign from which one look is enough
_BLIND = 0.5  # most that counts as certain where only the list of provinces speaks for what was read
_NOISE = 0.12  # certainty of the weakest sign below which a piece is no text at all
_LOOKALIKES = str.maketrans("OoQDIl|SsBZzGUu", "000011155822600")
_ADDRESSES = ("place_of_origin", "place_of_residence")
# the value of a label too soft to be read, by its own shape; "Việt Nam" holds the other's "Nam"
_WORDS = {
    "sex": re.compile(r"(?<![Tt] )(?<![A-Za-zÀ-ỹ])(Nam|N[ữửừứựưũủu])(?![A-Za-zÀ-ỹ])"),
    "nationality": re.compile(r"(?<![A-Za-zÀ-ỹ])V[iíỉ][eêệẹểễế]t\s?Nam"),
}
_DATE_REACH_MM = 30.0  # a date begins at most so far right of where its label begins
_DATES = ("date_of_birth", "date_of_issue", "date_of_expiry")


def read_print(page: Page, layout: Layout) -> dict[str, Field]:
    """Field name -> what is printed, for the fields that this side of this type has."""
    given = answers(page, layout)
    wanted = {label.field for label in layout.labels} & set(FIELD_NAMES)
    fields: dict[str, Field] = {}
    for name in wanted:
        found = _read(page, layout, given, name)
        if found is not None:
            fields[name] = found
    return fields


def _read(page: Page, layout: Layout, given: Answers, name: str) -> Field | None:
    if name == "number":
        return _number(page, given)
    pieces = given.of(name) or _unclaimed(page, layout, given, name)
    if name in _DATES:
        return (
            _date(page, pieces, name)
            or _date(page, _stray_dates(page, given, layout, name), name)
            or _date(page, _blind(page, layout, given, name), name)
        )
    if name in _ADDRESSES:
        return _address(page, layout, given, name, pieces)
    if name == "full_name":
        return _name(page, pieces)
    return (
        _word(page, pieces, name)
        or _word(page, words_near(page, layout, given.found, name, _WORDS[name]), name)
        or _word(page, _blind(page, layout, given, name), name)
    )


def _unclaimed(page: Page, layout: Layout, given: Answers, name: str) -> list[Piece]:
    """Pieces where the value usually stands that answer no label, or one whose value nobody asks for."""
    free = [p for p in given.pieces if p.owner is None or p.owner.label.field not in FIELD_NAMES]
    return in_rows(at_usual_place(page, layout, given.found, free, name))


def _blind(page: Page, layout: Layout, given: Answers, name: str) -> list[Piece]:
    """The place of a value itself, where no line of print was found in it."""
    strip = usual_strip(page, layout, given.found, name)
    return [strip] if strip is not None else []


def _close(page: Page, piece: Piece) -> Line:
    """The piece alone, read again: without its label beside it, it fills the network's height."""
    return _ranked(page, piece, words=False)[0]


def _ranked(page: Page, piece: Piece, words: bool = True) -> Row:
    """As ``_close``, with candidates; where the first look leaves doubt, several looks vote."""
    small = any(c.islower() for c in piece.text)
    box = piece.box if small else piece.box.tight()
    row = recogniser().read_ranked([box.cut(page.grey, 0.14)], words)
    if row[0].confidence >= _CLEAR:
        return row
    return recogniser().read_ranked(looks(page.grey, box), words)


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
    rows = [_ranked(page, piece) for piece in _joined(pieces)[:2] if is_name(piece.text)]
    if not rows:
        return None
    text, raw, sure = settle(rows, name_cost)
    text = tidy(text, MAX_NAME)
    return Field(text.upper(), "print", sure, raw) if text else None


def _date(page: Page, pieces: Sequence[Piece], name: str) -> Field | None:
    for piece in pieces:
        line = _close(page, piece)
        if name == "date_of_expiry" and _NO_EXPIRY.search(f"{line.text}|{piece.text}"):
            return Field(None, "print", line.confidence, "Không thời hạn")
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
    reach = _DATE_REACH_MM * page.grey.shape[1] / CARD_MM[0]
    stray = [
        p.part(*match.span())
        for p in given.pieces
        if p.owner is None and (match := _DATE_LIKE.search(p.text))
    ]
    near = [
        p
        for p in stray
        if abs(p.box.middle - y) < 0.09 * page.grey.shape[0] and x < p.box.right < x + reach + p.box.width
    ]
    return sorted(near, key=lambda p: abs(p.box.middle - y))


def _word(page: Page, pieces: Sequence[Piece], name: str) -> Field | None:
    """Sex and nationality: one of a few words."""
    for piece in pieces:
        line = _close(page, piece)
        for text, sure in ((line.text, line.confidence), (piece.text, 0.5)):
            value = _meant(text.strip(" :.,").casefold(), name)
            if value:
                return Field(value, "print", sure, text)
    return None


def _meant(word: str, name: str) -> str | None:
    if name == "nationality":
        return "Việt Nam" if re.match(r"v[iíỉ][eêệẹểễế]t\s*nam", word) else None
    if re.match(r"nam\b", word):
        return "male"
    return "female" if re.match(r"n[ữửừứựưũủu]\b", word) else None


def _address(page: Page, layout: Layout, given: Answers, name: str, pieces: Sequence[Piece]) -> Field | None:
    """One to three rows. A date at a row's start belongs to the expiry printed beside it."""
    pieces = [p for p in in_rows(pieces) if not _DATE.fullmatch(p.text.strip())]
    strips = whole_rows(page, layout, given.found, name, pieces)[:4]
    rows = [row for strip in strips if (row := _address_row(page, strip)) is not None]
    if not rows:
        return None
    text, raw, sure = settle(rows, address_cost)
    if not ends_in_province(text):
        # glare may have hidden the end of the last row from the line finder
        wide = to_the_edge(page, layout, given.found, name, strips[-1])
        more = _address_row(page, wide) if wide else None
        longer = settle([*rows[:-1], more], address_cost) if more else None
        if longer and ends_in_province(longer[0]):
            text, raw, sure = longer[0], longer[1], min(longer[2], _BLIND)
    text = tidy(text, MAX_ADDRESS).strip(" ,.")
    return Field(correct_address(text), "print", sure, raw) if text else None


def _address_row(page: Page, piece: Piece) -> Row | None:
    line, candidates = _ranked(page, piece)
    if not any(c.isalnum() for c in line.text) or line.confidence <= _NOISE:
        return None
    line = replace(line, text=_bare_row(line.text))
    return line, [(_bare_row(text), score) for text, score in candidates]


def _bare_row(text: str) -> str:
    return (_DATE.sub("", text, count=1) if _DATE.match(text) else text).strip(" :;")


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
