"""Which way up a rectified card lies: by its QR when one is read, else by its print."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ekyc.document.lines import Box
from ekyc.document.page import SLACK
from ekyc.document.qr_find import FoundQr
from ekyc.reader.lexicon import word_cost
from ekyc.reader.recogniser import recogniser

Grey = NDArray[np.uint8]
_LINES = 7  # tried each way


def lies_upside_down(grey: Grey, qr: FoundQr | None, boxes: Sequence[Box]) -> bool:
    """True when the card (1000 x 1586 grey, with its lines) must be turned by 180 degrees to be read."""
    if qr is not None:
        # the code's own top edge runs from left to right on an upright card
        return bool(qr.corners[1, 0] < qr.corners[0, 0])
    lines = sorted(boxes, key=_promise, reverse=True)[:_LINES]
    return sum(_legibility(grey, box) for box in lines) < 0


def _promise(box: Box) -> float:
    """Lines of middling length tell most: long enough to judge, cheap enough to read twice."""
    length = box.width / max(box.height, 1)
    return min(length, 12.0) - max(0.0, length - 20.0)


def _legibility(grey: Grey, box: Box) -> float:
    """How much more sense the line makes as it lies than turned."""
    as_is = box.cut(grey, SLACK)
    return _sense(as_is) - _sense(np.ascontiguousarray(as_is[::-1, ::-1]))


def _sense(line: Grey) -> float:
    """Letters in words that exist. Certainty alone misleads: turned digits and capitals look like others."""
    read = recogniser().read(line)
    words = [word.strip(".,:/") for word in read.text.split()]
    known = sum(len(w) for w in words if len(w) > 2 and w.isalpha() and word_cost(w) == 0)
    return known + 0.1 * sum(read.signs)
