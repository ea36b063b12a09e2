"""Names of places: settles misread marks and letters in an address read from print.

Lists hold names before and after the mergers of 2025; a name that is in none of them is left as read.
"""

from __future__ import annotations

import re
from functools import cache

from ekyc.document.page import bare_text
from ekyc.document.text import distance
from ekyc.reader.words import word_list
from ekyc.registry.provinces import PROVINCES

_PREFIX = re.compile(
    r"^((?:thành phố|tp\.?|tỉnh|quận|q\.|huyện|h\.|thị xã|tx\.?|thị trấn|tt\.?|phường|p\.|xã|x\.)\s*)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"^[Tt]\s?[oôốổồộơở6ó0]\s?(\d{1,3})$")  # "Tổ 12", its mark misread
_COMMA = re.compile(r"^([Tt]ổ \d{1,3})\.(?= )")  # "Tổ 12. Đồng Quang", a comma misread
_LETTERS_PER_ERROR = 6  # of a name: so many right ones vouch for one wrong


def correct_address(text: str) -> str:
    """An address with the place names that its parts must mean; ``text`` has parts between commas."""
    parts = _to_the_province([part.strip() for part in _COMMA.sub(r"\1,", text).split(",")])
    fixed = [_correct(part, provinces_only=i > 0 and i == len(parts) - 1) for i, part in enumerate(parts)]
    return ", ".join(part for part in fixed if part)


def _to_the_province(parts: list[str]) -> list[str]:
    """Without what was read behind the province: a speck, or the label and value of the next field."""
    for i, part in enumerate(parts[1:], 1):
        words = part.split()
        for count in range(len(words) - 1, 0, -1):
            if " ".join(words[:count]) in _provinces():
                return [*parts[:i], " ".join(words[:count])]
    return parts


def ends_in_province(address: str) -> bool:
    """Nearly every address ends in a province, as it is called now or was before 2025."""
    return is_listed(address.rsplit(",", 1)[-1].strip(), last=True)


def is_listed(part: str, last: bool) -> bool:
    """Whether a part of an address is a known place, or holds a number and so cannot be listed.

    ``last``: the part is a province.
    """
    match = _PREFIX.match(part)
    name = part[match.end() :] if match else part
    return name in (_provinces() if last else _places()) or any(c.isdigit() for c in part)


def _correct(part: str, provinces_only: bool) -> str:
    group = _GROUP.match(part)
    if group:
        return f"Tổ {group.group(1)}"
    match = _PREFIX.match(part)
    prefix, name = (match.group(1), part[match.end() :]) if match else ("", part)
    if not name or any(c.isdigit() for c in name):
        return part
    known = _provinces() if provinces_only else _places()
    if name in known:
        return part
    return prefix + (_nearest(name, known, 2 if provinces_only else 1) or name)


def _nearest(name: str, known: dict[str, str], reach: int) -> str | None:
    """The one listed name within ``reach`` letters, marks aside; None when there is none or a choice."""
    letters = bare_text(name)
    reach = min(reach, len(letters) // _LETTERS_PER_ERROR)
    close = {
        place: distance(letters, bare)
        for place, bare in known.items()
        if abs(len(bare) - len(letters)) <= reach
    }
    within = [(d, distance(name, place), place) for place, d in close.items() if d <= reach]
    within.sort()
    if not within or (len(within) > 1 and within[0][:2] == within[1][:2]):
        return None
    return within[0][2]


@cache
def _provinces() -> dict[str, str]:
    return {name: bare_text(name) for name in {*PROVINCES.values(), *word_list("provinces")}}


@cache
def _places() -> dict[str, str]:
    names = {*word_list("thai_nguyen"), *word_list("places"), *_provinces()}
    return {name: bare_text(name) for name in names}
