"""Word lists, one entry a line. A repeated entry is one that is common: training draws it more often.

The reader weighs words by them (``ekyc.reader.lexicon``) and the training code writes texts with them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

LISTS = (
    *("surnames", "middle", "given", "ethnic"),
    *("provinces", "places", "streets", "thai_nguyen"),
    *("labels", "short"),
)


@cache
def word_list(name: str) -> tuple[str, ...]:
    """Entries of one of ``LISTS``, in file order."""
    return tuple((Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines())
