"""Among readings that the picture leaves open, the one that makes most sense as a name or an address.

The lists only rank what was read: a name or place that stands in none of them costs a little, no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import product

from ekyc.document.places import is_listed
from ekyc.reader.recogniser import Candidate, Line
from ekyc.reader.words import word_list

UNLISTED_PLACE = 2.0  # nats; one part of an address between commas
UNLISTED_SURNAME = 2.5
_DOUBT = 0.6  # most that counts as certain where the lists chose another text than the picture
_KEPT = 5  # candidates of a row

Row = tuple[Line, list[Candidate]]


def settle(rows: Sequence[Row], cost: Callable[[str], float]) -> tuple[str, str, float]:
    """(best text, text of the picture alone, confidence) of a value printed in one or more rows."""
    plain = " ".join(line.text for line, _ in rows)
    sure = min(line.confidence for line, _ in rows)
    options = [candidates[:_KEPT] or [(line.text, 0.0)] for line, candidates in rows]
    best, most = plain, float("-inf")
    for chosen in product(*options):
        text = " ".join(text for text, _ in chosen)
        score = sum(score for _, score in chosen) - cost(text)
        if score > most:
            best, most = text, score
    return best, plain, sure if best == plain else min(sure, _DOUBT)


def name_cost(name: str) -> float:
    """A name begins with a family name, nearly always one of the listed."""
    first = name.split(" ", 1)[0].casefold()
    return 0.0 if first in _surnames() else UNLISTED_SURNAME


def address_cost(address: str) -> float:
    """Each part between commas is a listed place, or costs."""
    parts = [part.strip() for part in address.split(",")]
    return UNLISTED_PLACE * sum(not is_listed(part, last=part is parts[-1]) for part in parts if part)


@cache
def _surnames() -> frozenset[str]:
    return frozenset(
        name.split(" ", 1)[0].casefold() for name in (*word_list("surnames"), *word_list("ethnic"))
    )
