"""Whole lines right, and how far certainty can be believed, on lines in fonts that training never saw."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.reader.recogniser import charset, clean, greedy, to_input
from ekyc.reader.training.fonts import test_fonts
from ekyc.reader.training.networks import TextNet, torch
from ekyc.reader.training.picture import render_line
from ekyc.reader.training.texts import sample_text

_MIX = ("name",) * 8 + ("address",) * 8 + ("number",) * 2 + ("date",) * 2
_LEVELS = (1, 2, 3, 4)
_BINS = 15
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a checkpoint read right, and its certainties beside the truth."""

    rows: tuple[str, ...]
    signs: int
    error: float  # expected calibration error at temperature 1
    temperature: float  # that fits best

    @property
    def calibration(self) -> str:
        """One row of text."""
        worth = f"calibration error {self.error:.4f}, best temperature {self.temperature:.2f}"
        return f"{self.signs} signs, {worth}"


def measure(checkpoint: Path, lines: int, seed: int = 555) -> Measured:
    """Read ``lines`` drawn lines, a quarter at each level."""
    cv2.setNumThreads(1)
    signs = charset()
    net = TextNet(len(signs) + 1)
    net.load_state_dict(torch.load(checkpoint, map_location="cpu"))
    net.eval()
    rng, fonts = random.Random(seed), test_fonts()  # noqa: S311
    if not fonts:
        raise FileNotFoundError(
            "the test fonts are missing: apt-get install fonts-roboto-unhinted fonts-croscore"
        )
    right: Counter[int] = Counter()
    certain: list[tuple[float, bool]] = []
    for level in _LEVELS:
        for i in range(lines // len(_LEVELS)):
            _, text = sample_text(rng, _MIX[i % len(_MIX)], test=True)
            picture = render_line(rng, text, level, fonts[i % len(fonts)])
            with torch.no_grad():
                seen = net(torch.from_numpy(to_input(picture)[None, None])).softmax(-1)[0].numpy()
            line = greedy(seen, signs)
            right[level] += clean(line.text) == clean(text)
            certain += zip(line.signs, _correct(line.text, text), strict=True)
    p = np.clip([sure for sure, _ in certain], 1e-6, 1 - 1e-6)
    good = np.array([right for _, right in certain], np.float64)
    odds = np.log(p / (1 - p))
    fits = {round(t, 2): _loss(1 / (1 + np.exp(-odds / t)), good) for t in np.arange(0.5, 3.01, 0.05)}
    return Measured(
        tuple(f"level {level}: {right[level]} of {lines // len(_LEVELS)} lines" for level in _LEVELS),
        len(p),
        error(p, good),
        min(fits, key=lambda t: fits[t]),
    )


def _correct(read: str, text: str) -> list[bool]:
    """Which signs of what was read stand in the text too."""
    good = [False] * len(read)
    for block in SequenceMatcher(None, read, text, autojunk=False).get_matching_blocks():
        good[block.a : block.a + block.size] = [True] * block.size
    return good


def _loss(p: Floats, right: Floats) -> float:
    return float(-np.mean(right * np.log(p + 1e-9) + (1 - right) * np.log(1 - p + 1e-9)))


def error(p: Floats, right: Floats) -> float:
    """Expected calibration error (Naeini 2015): how far certainty and share of right signs lie apart."""
    bins = np.minimum((p * _BINS).astype(int), _BINS - 1)
    return float(
        sum(abs(p[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins))
    )
