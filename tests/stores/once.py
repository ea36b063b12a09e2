"""Single-use writes raise for whoever comes second."""

from __future__ import annotations

from collections.abc import Callable


class Lost(Exception):
    pass


def first(use: Callable[[Exception], None]) -> bool:
    try:
        use(Lost())
    except Lost:
        return False
    return True
