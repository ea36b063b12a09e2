"""Line recogniser: a grey picture of one printed line in, its text and certainty out."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Sequence
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


Candidate = tuple[str, float]  # text, and its score in nats: greater is likelier


@dataclass(frozen=True, slots=True)
class Line:
    """Text in NFC. ``signs`` and ``places`` hold one value per character of ``text``."""

    text: str
    confidence: float  # the least certain sign; 0.0 for an empty line
    signs: tuple[float, ...]  # certainty, 0..1
    places: tuple[float, ...] = ()  # where the sign stands, as a share of the line's width; () if unknown


def to_input(grey_line: Grey, columns: int | None = None) -> NDArray[np.float32]:
    """H x W grey -> 40 x W' normalised float32, W' a multiple of 4 (one output step each)."""
    columns = columns or columns_of(grey_line)
    how = cv2.INTER_AREA if grey_line.shape[0] > HEIGHT else cv2.INTER_LINEAR
    scaled = cv2.resize(grey_line, (columns, HEIGHT), interpolation=how).astype(np.float32)
    normalised: NDArray[np.float32] = ((scaled - scaled.mean()) / (scaled.std() + 8.0)).astype(np.float32)
    return normalised


def columns_of(grey_line: Grey) -> int:
    """How wide a line becomes at the network's height."""
    height, width = grey_line.shape
    columns: int = round(min(width * HEIGHT / height * X_SCALE, MAX_WIDTH) / 4) * 4
    return max(16, columns)


def charset() -> str:
    """Class i of the network is sign i - 1 of this string; class 0 is the CTC blank."""
    return model_bytes("vi_line_charset.txt").decode("utf-8")


class LineRecogniser:
    """Holds the network. ``read`` is thread-safe; use ``recogniser()`` to share one per process."""

    def __init__(self) -> None:
        self._session = session("vi_line.onnx")
        self._charset = charset()
        self._temperature = float(json.loads(model_bytes("vi_line_calibration.json"))["temperature"])

    def probabilities(self, looks: Sequence[Grey]) -> NDArray[np.float32]:
        """(steps, classes) softmax output, the mean over several pictures of one and the same line."""
        columns = columns_of(looks[0])
        x = np.stack([to_input(look, columns) for look in looks])[:, None]
        out: NDArray[np.float32] = self._session.run(None, {"line": x})[0]
        return np.asarray(out.mean(0), np.float32)

    def read(self, grey_line: Grey) -> Line:
        """Greedy reading of one line, H x W grey uint8, cut with some slack around the ink."""
        return self.read_ranked([grey_line])[0]

    def read_ranked(self, looks: Sequence[Grey], words: bool = False) -> tuple[Line, list[Candidate]]:
        """The greedy reading of a line, and with ``words`` what else it may say, best first.

        Several ``looks`` at the same line vote. Candidates are ranked by the picture and by the list of
        Vietnamese words and legal syllables; the line is what the picture alone says.
        """
        if min(looks[0].shape) < 4:
            return Line("", 0.0, ()), []
        probabilities = self.probabilities(looks)
        line = greedy(probabilities, self._charset, self._temperature)
        if not words:
            return line, []
        return line, [(clean(text), score) for text, score in beam_search(probabilities, self._charset)]


@cache
def recogniser() -> LineRecogniser:
    """The recogniser of this process."""
    return LineRecogniser()


def clean(text: str) -> str:
    """NFC with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def greedy(probabilities: NDArray[np.float32], signs: str, temperature: float = 1.0) -> Line:
    """CTC best path; a sign is as certain as its best step and stands where it was best.

    temperature: fitted on lines that training never saw, so that certainty 0.9 means right nine times in ten.
    """
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
    sure = tuple(_softened(p, temperature) for _, p, _ in kept)
    places = tuple((step + 0.5) / len(probabilities) for _, _, step in kept)
    return Line("".join(c for c, _, _ in kept), min(sure, default=0.0), sure, places)


def _softened(p: float, temperature: float) -> float:
    """A certainty with its odds taken to the power 1 / temperature (Guo 2017)."""
    if temperature == 1.0:
        return p
    hope, doubt = math.pow(p, 1 / temperature), math.pow(1 - min(p, 1.0), 1 / temperature)
    return hope / (hope + doubt)


def _single_spaces(found: list[tuple[str, float, int]]) -> list[tuple[str, float, int]]:
    kept: list[tuple[str, float, int]] = []
    for sign in found:
        if sign[0] != " " or (kept and kept[-1][0] != " "):
            kept.append(sign)
    return kept[:-1] if kept and kept[-1][0] == " " else kept
