"""Reads the machine readable zone of a rectified back: rows of OCR-B -> three lawful lines."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.document.lines import Box
from ekyc.document.mrz import Mrz
from ekyc.document.mrz_decode import SHAPES, SIGNS, Posterior, best_line, cheapest, posterior, repair
from ekyc.document.mrz_format import composite_digit
from ekyc.reader.session import session

Grey = NDArray[np.uint8]

_ROWS = 32  # what the network sees
_X_SCALE = 0.8
_LEAST_WIDTH = 0.55  # of the card; TD1 lines take 0.89
_LEAST_FIT = -0.35  # mean log-likelihood per step of a line that is a TD1 line at all
_LEAST_SIGNS, _MOST_SIGNS = 18, 40  # read greedily from a line of thirty, its neighbours' traces included
_DIGITS = slice(0, 10)


def read_mrz(grey: Grey, boxes: Sequence[Box]) -> Mrz | None:
    """The zone on a rectified card (grey uint8) among its lines of print; None when there is none."""
    rows = _rows(boxes, grey.shape[1])
    best: tuple[float, list[Posterior]] | None = None
    outputs = [_probabilities(row.tight().cut(grey, 0.04)) for row in rows]
    fits = [_LEAST_SIGNS <= _signs(p) <= _MOST_SIGNS for p in outputs]
    for i in range(len(rows) - 2):
        if not all(fits[i : i + 3]):
            continue  # the thorough look is costly, and three rows of other print are common
        read = [posterior(p, shape) for p, shape in zip(outputs[i : i + 3], SHAPES, strict=True)]
        fit = sum(f for _, f in read) / 3
        if best is None or fit > best[0]:
            best = (fit, [post for post, _ in read])
    if best is None or best[0] < _LEAST_FIT:
        return None
    return _decide(best[1])


def _signs(probabilities: NDArray[np.float32]) -> int:
    """Length of the greedy reading."""
    best = probabilities.argmax(1)
    return int(((best != 0) & (best != np.roll(best, 1))).sum())


def _rows(boxes: Sequence[Box], card_width: int) -> list[Box]:
    """Boxes of one row joined, wide rows only, top to bottom."""
    rows: list[Box] = []
    for box in sorted(boxes, key=lambda b: b.middle):
        last = rows[-1] if rows else None
        if last and abs(last.middle - box.middle) < 0.4 * max(last.height, box.height):
            rows[-1] = _join(last, box)
        else:
            rows.append(box)
    return [r for r in rows if r.width >= _LEAST_WIDTH * card_width and 20 <= r.height <= 150]


def _join(a: Box, b: Box) -> Box:
    wide = a if a.width > b.width else b
    top, bottom = min(a.top, b.top), max(a.bottom, b.bottom)
    return Box(min(a.left, b.left), top, max(a.right, b.right), bottom, wide.band)


def _probabilities(line: Grey) -> NDArray[np.float32]:
    height, width = line.shape
    columns = max(64, round(min(width * _ROWS / height * _X_SCALE, 1200) / 4) * 4)
    how = cv2.INTER_AREA if height > _ROWS else cv2.INTER_LINEAR
    x = cv2.resize(line, (columns, _ROWS), interpolation=how).astype(np.float32)
    x = ((x - x.mean()) / (x.std() + 8.0)).astype(np.float32)
    out: NDArray[np.float32] = session("mrz.onnx").run(None, {"line": x[None, None]})[0][0]
    return out


def _decide(posts: list[Posterior]) -> Mrz:
    """Likeliest lines, then each check digit may settle the doubtful characters of its own field."""
    one, two, _ = posts
    line1, line2, line3 = (best_line(post)[0] for post in posts)
    line1 = _repair_numbers(one, line1)
    line2 = repair(two, line2, range(6), 6)
    line2 = repair(two, line2, range(8, 14), 14)
    composite = composite_digit(line1, line2)
    line2 = cheapest(two, line2, [29], lambda candidate: candidate[29] == composite)
    lines = (line1, line2, line3)
    sure = tuple(_confidence(post, line) for post, line in zip(posts, lines, strict=True))
    return Mrz(lines, (sure[0], sure[1], sure[2]))


def _repair_numbers(post: Posterior, line: str) -> str:
    """The number stands twice in line 1: where one print is in doubt, the other helps."""
    line = repair(post, line, range(5, 14), 14)
    line = repair(post, line, range(15, 27), 29)
    if line[5:14] == line[18:27]:
        return line
    joint = post.copy()
    for i in range(9):
        both = post[5 + i, _DIGITS] * post[18 + i, _DIGITS]
        joint[5 + i, _DIGITS] = joint[18 + i, _DIGITS] = both / max(both.sum(), 1e-300)
    candidate, _ = best_line(joint)
    # a clear contradiction stays: it is evidence of tampering, not a reading error
    loss = sum(
        np.log(post[i].max() / max(post[i, SIGNS.index(candidate[i])], 1e-12))
        for i in (*range(5, 15), *range(15, 30))
    )
    return candidate if loss < 8.0 else line


def _confidence(post: Posterior, line: str) -> tuple[float, ...]:
    return tuple(float(post[i, SIGNS.index(c)]) for i, c in enumerate(line))
