"""``acr``: how well the citizen's identity was proven, in our own levels (OpenID Connect Core, section 2).

A level includes those below it, so a citizen of level 2 also meets a wish for level 1.
"""

from __future__ import annotations

from idp.domain.claims import ACR_LEVELS, acr


def level_of(value: str) -> int | None:
    """The level that a value names, None for a value that is not ours."""
    return ACR_LEVELS.index(value) if value in ACR_LEVELS else None


def is_met(level: int, wanted: tuple[str, ...]) -> bool:
    """Whether a citizen of this level meets one of the values; nothing wanted is always met."""
    return not wanted or any(needed is not None and needed <= level for needed in map(level_of, wanted))


def answered(level: int, wanted: tuple[str, ...]) -> str:
    """The value to return: the level itself, or the first wanted one that it includes.

    Core, section 5.5.1.1: the value returned matches a requested one where that is possible.
    """
    own = acr(level)
    if own in wanted:
        return own
    return next((value for value in wanted if is_met(level, (value,))), own)


ONLINE = 2  # the highest level that photos of the card and a live face prove; 3 needs the chip


def reachable(level: int, wanted: tuple[str, ...]) -> int | None:
    """The lowest wanted level above this one that a citizen can reach online, None when there is none."""
    levels = (needed for needed in map(level_of, wanted) if needed is not None)
    return min((needed for needed in levels if level < needed <= ONLINE), default=None)
