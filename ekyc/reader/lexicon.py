"""What a word costs the reader: nothing when listed, a little when legal, more when neither."""

from __future__ import annotations

from functools import cache

from ekyc.reader.syllables import legal_syllables
from ekyc.reader.words import LISTS, word_list

LEGAL_COST = 2.2  # nats; measured with the line recogniser's own evaluation
STRANGE_COST = 4.5
MIXED_COST = 2.0  # letters, then digits: "B6" is rarer than a misread "Bố"
_UNITS = "tổ dân phố khu xóm thôn ấp bản đội khóm số đường căn hộ ngõ ngách hẻm phường xã thị trấn quận huyện"
_MORE = "thành tỉnh ngày tháng năm tp tx tt sn bis ct tdp"
_EDGES = ".,:/-()'"


@cache
def _listed() -> frozenset[str]:
    entries = (entry for name in LISTS for entry in word_list(name))
    words = {word.strip(_EDGES).lower() for entry in entries for word in entry.split()}
    return frozenset(words | set(_UNITS.split()) | set(_MORE.split()))


def word_cost(word: str) -> float:
    """Cost in nats of a finished word; numbers and single letters cost nothing."""
    bare = word.strip(_EDGES).lower()
    if bare[:1].isalpha() and any(c.isdigit() for c in bare):
        return MIXED_COST
    if len(bare) < 2 or not bare.isalpha() or bare in _listed():
        return 0.0
    return LEGAL_COST if bare in legal_syllables() else STRANGE_COST
