"""What a count proves: 95 % bounds of a rate."""

from __future__ import annotations

from math import sqrt

_Z = 1.959964  # 97.5 % of the normal distribution


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a rate seen ``hits`` times in ``n`` (Wilson 1927); (0, 1) for n = 0."""
    if n == 0:
        return 0.0, 1.0
    p, z2 = hits / n, _Z * _Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def at_most(n: int) -> float:
    """The rate that nothing seen in ``n`` still allows with 95 % certainty (rule of three)."""
    return min(1.0, 3 / n) if n else 1.0
