"""Line recogniser: a grey picture of one printed line in, its text and certainty out."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.models import model_bytes
from ekyc.reader.beam import beam_search
from ekyc.reader.session import session

HEIGHT = 40  # rows that the network sees
X_SCALE = 0.8  # it sees lines squeezed sideways: tone marks need rows more than columns
MAX_WIDTH = 2400  # columns; nothing on a card is longer, and it bounds the work

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Line:
    """Text in NFC. ``signs`` and ``places`` hold one value per character of ``text``."""

    text: str
    confidence: float  # the least certain sign; 0.0 for an empty line
    signs: tuple[float, ...]  # certainty, 0..1
    places: tuple[float, ...] = ()  # where the sign stands, as a share of the line's width; () if unknown


def to_input(grey_line: Grey) -> NDArray[np.float32]:
    """H x W grey -> 40 x W' normalised float32, W' a multiple of 4 (one output step each)."""
    height, width = grey_line.shape
    columns = min(width * HEIGHT / height * X_SCALE, MAX_WIDTH)
    columns = max(16, round(columns / 4) * 4)
    how = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_LINEAR
    scaled = cv2.resize(grey_line, (int(columns), HEIGHT), interpolation=how).astype(np.float32)
    normalised: NDArray[np.float32] = ((scaled - scaled.mean()) / (scaled.std() + 8.0)).astype(np.float32)
    return normalised


def charset() -> str:
    """Class i of the network is sign i - 1 of this string; class 0 is the CTC blank."""
    return model_bytes("vi_line_charset.txt").decode("utf-8")


class LineRecogniser:
    """Holds the network. ``read`` is thread-safe; use ``recogniser()`` to share one per process."""

    def __init__(self) -> None:
        self._session = session("vi_line.onnx")
        self._charset = charset()

    def probabilities(self, grey_line: Grey) -> NDArray[np.float32]:
        """(steps, classes) softmax output for one line, H x W uint8."""
        x = to_input(grey_line)
        out: NDArray[np.float32] = self._session.run(None, {"line": x[None, None]})[0][0]
        return out

    def read(self, grey_line: Grey) -> Line:
        """Greedy reading of one line, H x W grey uint8, cut with some slack around the ink."""
        if min(grey_line.shape) < 4:
            return Line("", 0.0, ())
        return greedy(self.probabilities(grey_line), self._charset)

    def read_words(self, grey_line: Grey) -> Line:
        """As ``read``, but weighs words by the list of Vietnamese words and legal syllables.

        For names and addresses; certainties stay those of the picture alone.
        """
        if min(grey_line.shape) < 4:
            return Line("", 0.0, ())
        probabilities = self.probabilities(grey_line)
        plain = greedy(probabilities, self._charset)
        text = clean(beam_search(probabilities, self._charset))
        if text == plain.text:
            return plain
        # where the word list overruled the picture, only what both agree on counts as certain
        confidence = min(plain.confidence, 0.6)
        return Line(text, confidence, (confidence,) * len(text))


@cache
def recogniser() -> LineRecogniser:
    """The recogniser of this process."""
    return LineRecogniser()


def clean(text: str) -> str:
    """NFC with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def greedy(probabilities: NDArray[np.float32], signs: str) -> Line:
    """CTC best path; a sign is as certain as its best step and stands where it was best."""
    found: list[tuple[str, float, int]] = []
    last = 0
    for step, k in enumerate(probabilities.argmax(1)):
        p = float(probabilities[step, k])
        if k and k != last:
            found.append((signs[k - 1], p, step))
        elif k and p > found[-1][1]:
            found[-1] = (found[-1][0], p, step)
        last = int(k)
    kept = _single_spaces(found)
    sure = tuple(p for _, p, _ in kept)
    places = tuple((step + 0.5) / len(probabilities) for _, _, step in kept)
    return Line("".join(c for c, _, _ in kept), min(sure, default=0.0), sure, places)


def _single_spaces(found: list[tuple[str, float, int]]) -> list[tuple[str, float, int]]:
    kept: list[tuple[str, float, int]] = []
    for sign in found:
        if sign[0] != " " or (kept and kept[-1][0] != " "):
            kept.append(sign)
    return kept[:-1] if kept and kept[-1][0] == " " else kept
