"""From the OCR-B network's output to the likeliest lawful line.

A TD1 line has exactly thirty characters and a known kind at each place. The forward-backward
algorithm over all CTC paths with that shape gives, for every place, the probability of every
character; check digits then choose among the few places that stay in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ekyc.document.mrz_format import check_digit

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"  # class i + 1 of the network; class 0 is the blank
_DIGITS, _LETTERS = SIGNS[:10], SIGNS[10:36]
_FILL = ["<"]
SHAPES: tuple[tuple[str, ...], ...] = (
    ("I", "D<", "V", "N", "M", *[_DIGITS] * 22, "<", "<", _DIGITS),
    (*[_DIGITS] * 7, "MF", *[_DIGITS] * 7, "V", "N", "M", *_FILL * 11, _DIGITS),
    (_LETTERS, *[_LETTERS + "<"] * 29),
)
_FLOOR = 1e-6
MAX_LOSS = 6.0  # nats that a check digit may take from the picture; past that the print itself is wrong

Posterior = NDArray[np.float64]  # (30, 37): probability of each sign at each place


def allowed(shape: tuple[str, ...]) -> NDArray[np.bool_]:
    """(places, signs) mask of a shape."""
    return np.array([[sign in kind for sign in SIGNS] for kind in shape])


def posterior(probabilities: NDArray[np.float32], shape: tuple[str, ...]) -> tuple[Posterior, float]:
    """Probability of each sign at each place, and the mean log-likelihood per step of the shape.

    probabilities: (steps, 38) softmax output. The second value compares lines: near 0 fits well.
    """
    p = np.maximum(probabilities.astype(np.float64), _FLOOR)
    mask = allowed(shape)
    forward, logs = _pass(p, mask)
    backward, _ = _pass(p[::-1], mask[::-1])
    steps, places = len(p), len(mask)
    # entering place i with sign c at step t: all before, times all from there on
    gains = np.zeros_like(forward.enter[0])
    for t in range(steps):
        after = backward.char[steps - 1 - t][::-1]
        gains += (
            forward.enter[t]
            * after
            / p[t, 1:]
            * np.exp(forward.logs[t] + backward.logs[steps - 1 - t] - logs)
        )
    total = gains.sum(1, keepdims=True)
    gains = np.where(total > 0, gains / np.maximum(total, 1e-300), mask / mask.sum(1, keepdims=True))
    assert gains.shape == (places, len(SIGNS))
    return gains, logs / steps


class _Lattice:
    """Scaled forward probabilities: ``char`` at a sign, ``enter`` the part that has just begun it."""

    def __init__(self, steps: int, places: int) -> None:
        self.char = np.zeros((steps, places, len(SIGNS)))
        self.enter = np.zeros((steps, places, len(SIGNS)))
        self.logs = np.zeros(steps)


def _pass(p: NDArray[np.float64], mask: NDArray[np.bool_]) -> tuple[_Lattice, float]:
    steps, places = len(p), len(mask)
    out = _Lattice(steps, places)
    blank = np.zeros(places + 1)
    blank[0] = 1.0
    char = np.zeros((places, len(SIGNS)))
    log = 0.0
    for t in range(steps):
        enter = np.repeat(blank[:-1, None], len(SIGNS), 1)
        # from the sign before without a blank: any but the same sign
        enter[1:] += char[:-1].sum(1, keepdims=True) - char[:-1]
        enter = enter * mask * p[t, 1:]
        new_blank = blank.copy()
        new_blank[1:] += char.sum(1)
        blank = new_blank * p[t, 0]
        char = char * p[t, 1:] + enter
        scale = blank.sum() + char.sum()
        blank, char, enter = blank / scale, char / scale, enter / scale
        log += float(np.log(scale))
        out.char[t], out.enter[t], out.logs[t] = char, enter, log
    end = float(blank[-1] + char[-1].sum())
    return out, log + float(np.log(max(end, 1e-300)))


def best_line(post: Posterior) -> tuple[str, tuple[float, ...]]:
    """The likeliest sign at every place, and its probability."""
    best = post.argmax(1)
    return "".join(SIGNS[k] for k in best), tuple(float(post[i, k]) for i, k in enumerate(best))


def repair(post: Posterior, line: str, places: range, digit_at: int) -> str:
    """``line`` with its cheapest change that makes the check digit at ``digit_at`` fit ``places``.

    The line comes back unchanged when nothing within MAX_LOSS nats fits: then the print is wrong.
    """

    def fits(candidate: str) -> bool:
        return check_digit(candidate[places.start : places.stop]) == candidate[digit_at]

    return cheapest(post, line, [*places, digit_at], fits)


def cheapest(post: Posterior, line: str, places: list[int], fits: Callable[[str], bool]) -> str:
    """The likeliest variant of ``line`` over up to three doubtful ``places`` that ``fits``."""
    if fits(line):
        return line
    doubtful = sorted(places, key=lambda i: post[i].max())[:6]
    best, least = line, MAX_LOSS
    for variant, loss in _variants(post, line, doubtful):
        if loss < least and fits(variant):
            best, least = variant, loss
    return best


def _variants(post: Posterior, line: str, places: list[int]) -> Iterator[tuple[str, float]]:
    choices = []
    for i in places:
        top = post[i].max()
        ranked = [int(k) for k in np.argsort(-post[i])[:3]]
        choices.append([(SIGNS[k], float(np.log(top / max(post[i, k], 1e-12)))) for k in ranked])
    for combination in product(*choices):
        loss = sum(cost for _, cost in combination)
        if loss < MAX_LOSS:
            chars = list(line)
            for i, (sign, _) in zip(places, combination, strict=True):
                chars[i] = sign
            yield "".join(chars), loss
