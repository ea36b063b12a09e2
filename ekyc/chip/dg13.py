"""DG13 of the Vietnamese card: numbered national fields. Its layout is not published.

Read: a SEQUENCE, perhaps in another, of ``SEQUENCE { INTEGER id, value }``, as cards of 2021 have it.
Cards of 2024 may hold something else, coded by the authority: that gives no fields and is no error.
Ethnicity (6) and religion (7) are sensitive personal data (Law 91/2025/QH15) and are never taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ekyc.chip.files import content
from ekyc.chip.tlv import INTEGER, PRINTABLE, SEQUENCE, UTF8, Malformed, integer, read_all
from ekyc.document.text import MAX_ADDRESS, iso_date, tidy

FIELDS = {
    1: "number",
    2: "full_name",
    3: "date_of_birth",
    4: "sex",
    5: "nationality",
    8: "place_of_origin",
    9: "place_of_residence",
    11: "date_of_issue",
    12: "date_of_expiry",
}
NO_EXPIRY = "không thời hạn"
_SEX = {"nam": "male", "nữ": "female"}
_MAX_DEPTH = 4


def parse_dg13(data: bytes) -> dict[str, str]:
    """Field name -> value (dates ISO 8601, "" for no expiry). Raises Malformed for a broken file only."""
    found: dict[str, str] = {}
    for number, text in _numbered(content("dg13", data), 0):
        name = FIELDS.get(number)
        value = _value(name, text) if name else None
        if name and value is not None:
            found.setdefault(name, value)
    return found


def _numbered(data: bytes, depth: int) -> Iterator[tuple[int, str]]:
    try:
        elements = read_all(data, der=False)
    except Malformed:
        return  # coded in a way that only the authority knows
    for element in elements:
        if element.tag != SEQUENCE or depth == _MAX_DEPTH:
            continue
        if element.value[:1] != bytes([INTEGER]):
            yield from _numbered(element.value, depth + 1)
        elif pair := _pair(element.value):
            yield pair


def _pair(value: bytes) -> tuple[int, str] | None:
    """A number and a text; None for fields of other shapes (parents, for one)."""
    try:
        parts = read_all(value, der=False)
        if len(parts) != 2 or parts[1].tag not in (UTF8, PRINTABLE):
            return None
        return integer(parts[0], most_bytes=2), parts[1].value.decode("utf-8")
    except (Malformed, UnicodeDecodeError):
        return None


def _value(name: str, text: str) -> str | None:
    text = tidy(text, MAX_ADDRESS)
    if name == "date_of_expiry" and text.casefold() == NO_EXPIRY:
        return ""
    if name.startswith("date_"):
        day = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", text, re.ASCII)
        return iso_date(*day.groups()) if day else None
    if name == "sex":
        return _SEX.get(text.casefold())
    if name == "number":
        return text if re.fullmatch(r"[0-9]{12}", text) else None
    return text or None
