"""Cleaning of strings that come off a card, and the forms in which two of them are compared."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from ekyc.document.mrz_format import unaccent

MAX_NAME = 100  # characters; longer means that something else was read
MAX_ADDRESS = 300
_BETWEEN = frozenset(" ,.;:/()-–'’&+#°")


def tidy(text: str, limit: int) -> str:
    """NFC, one Đ, letters and digits and what stands between them in names and addresses, single spaces.

    At most ``limit`` characters; nothing that a page, a shell or a spreadsheet would take for more than text.
    """
    text = unicodedata.normalize("NFC", text.replace("\u00d0", "Đ").replace("\u0189", "Đ"))
    plain = "".join(
        c if c in _BETWEEN or unicodedata.category(c)[0] in "LMN" else " " if c.isspace() else ""
        for c in text
    )
    return " ".join(plain.split()).lstrip("+-–")[:limit].strip()


def fold(name: str) -> str:
    """Base letters in upper case: what the machine readable zone can hold of a name."""
    return unaccent(name)


def same_text(a: str, b: str) -> bool:
    """Equal but for case, spacing and punctuation; tone marks count."""
    return _bare(a) == _bare(b)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text)).casefold()


def iso_date(day: str, month: str, year: str) -> str | None:
    """``YYYY-MM-DD``, or None when there is no such day."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def distance(a: str, b: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]
