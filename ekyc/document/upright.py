"""Which way up a rectified card lies: by its QR when one is read, else by its print."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ekyc.document.lines import Box, find_lines
from ekyc.document.page import SLACK
from ekyc.document.qr_find import FoundQr
from ekyc.reader.recogniser import recogniser

Grey = NDArray[np.uint8]
_LINES = 6  # tried each way


def lies_upside_down(grey: Grey, qr: FoundQr | None) -> bool:
    """True when the card (1000 x 1586 grey) must be turned by 180 degrees to be read."""
    if qr is not None:
        # the code's own top edge runs from left to right on an upright card
        return bool(qr.corners[1, 0] < qr.corners[0, 0])
    lines = sorted(find_lines(grey), key=_promise, reverse=True)[:_LINES]
    return sum(_legibility(grey, box) for box in lines) < 0


def _promise(box: Box) -> float:
    """Lines of middling length tell most: long enough to judge, cheap enough to read twice."""
    return min(box.width / max(box.height, 1), 14.0) * min(box.height, 50)


def _legibility(grey: Grey, box: Box) -> float:
    """How much better the line reads as it lies than turned."""
    as_is = box.cut(grey, SLACK)
    return _sense(as_is) - _sense(np.ascontiguousarray(as_is[::-1, ::-1]))


def _sense(line: Grey) -> float:
    """Mean certainty of letters; signs and guesses count little."""
    read = recogniser().read(line)
    if not read.text:
        return 0.0
    letters = [p for c, p in zip(read.text, read.signs, strict=True) if c.isalnum()]
    return sum(letters) / len(read.text)
