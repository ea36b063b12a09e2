"""CTC prefix beam search (Graves 2006; Hannun 2014) in which a finished word pays its cost."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ekyc.reader.lexicon import word_cost

WIDTH = 8
CANDIDATES = 6  # classes looked at in a step
_LEAST = 1e-3  # probability below which a class is left out


@dataclass(slots=True)
class _Prefix:
    blank: float = 0.0  # probability of all paths that end in a blank
    sign: float = 0.0  # ... that end in the prefix's last sign
    cost: float = 0.0  # of its finished words

    @property
    def score(self) -> float:
        return math.log(self.blank + self.sign + 1e-300) - self.cost


def beam_search(probabilities: NDArray[np.float32], signs: str) -> list[tuple[str, float]]:
    """Texts for (steps, classes) softmax output with their scores in nats, best first.

    Class 0 is the blank, class i is signs[i - 1].
    """
    beams = {"": _Prefix(blank=1.0)}
    for row in probabilities:
        top = np.argpartition(row, -CANDIDATES)[-CANDIDATES:]
        classes = [(int(k), float(row[k])) for k in top if row[k] > _LEAST]
        if len(classes) == 1 and classes[0][0] == 0:
            beams = {t: _Prefix((b.blank + b.sign) * classes[0][1], 0.0, b.cost) for t, b in beams.items()}
            continue
        beams = _best(_step(beams, classes, signs))
    scored = [(text, b.score - word_cost(text.rsplit(" ", 1)[-1])) for text, b in beams.items()]
    return sorted(scored, key=lambda item: -item[1])


def _best(beams: dict[str, _Prefix]) -> dict[str, _Prefix]:
    return dict(sorted(beams.items(), key=lambda item: -item[1].score)[:WIDTH])


def _step(beams: dict[str, _Prefix], classes: list[tuple[int, float]], signs: str) -> dict[str, _Prefix]:
    new: dict[str, _Prefix] = {}
    for text, old in beams.items():
        for k, p in classes:
            if k == 0:
                same = new.setdefault(text, _Prefix(cost=old.cost))
                same.blank += (old.blank + old.sign) * p
                continue
            _extend(new, text, old, signs[k - 1], p)
    return new


def _extend(new: dict[str, _Prefix], text: str, old: _Prefix, sign: str, p: float) -> None:
    gained = (old.blank + old.sign) * p
    if text and text[-1] == sign:
        # without a blank between, a repeated class is the same sign still
        same = new.setdefault(text, _Prefix(cost=old.cost))
        same.sign += old.sign * p
        gained = old.blank * p
    if gained:
        longer = new.get(text + sign)
        if longer is None:
            paid = word_cost(text.rsplit(" ", 1)[-1]) if sign == " " else 0.0
            longer = new[text + sign] = _Prefix(cost=old.cost + paid)
        longer.sign += gained
