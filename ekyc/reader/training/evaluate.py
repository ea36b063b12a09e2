"""Measures the line recogniser on drawn lines in fonts that training never saw."""

from __future__ import annotations

import random
import time
from collections import Counter

import cv2

from ekyc.reader.recogniser import clean, recogniser
from ekyc.reader.training.fonts import test_fonts
from ekyc.reader.training.picture import render_line
from ekyc.reader.training.texts import sample_text

_MIX = ("name",) * 8 + ("address",) * 6 + ("number",) * 3 + ("date",) * 3


def evaluate(lines: int, seed: int) -> list[str]:
    """Whole lines right, by level and kind, plain and with the word list; one row of text each."""
    cv2.setNumThreads(1)
    rng = random.Random(seed)  # noqa: S311
    fonts = test_fonts()
    if not fonts:
        raise FileNotFoundError(
            "the test fonts are missing: apt-get install fonts-roboto-unhinted fonts-croscore"
        )
    right: Counter[tuple[int, str, str]] = Counter()
    total: Counter[tuple[int, str]] = Counter()
    spent = 0.0
    for level in (1, 2, 3):
        for i in range(lines // 3):
            kind, text = sample_text(rng, _MIX[i % len(_MIX)], test=True)
            picture = render_line(rng, text, level, fonts[i % len(fonts)])
            begin = time.process_time()
            plain = recogniser().read(picture).text
            spent += time.process_time() - begin
            total[level, kind] += 1
            right[level, kind, "plain"] += clean(text) == clean(plain)
            best = recogniser().read_ranked([picture], words=True)[1][0][0]
            right[level, kind, "words"] += clean(text) == best
    rows = [
        f"level {level} {kind:8s} {count:4d} lines  plain {right[level, kind, 'plain'] / count:6.1%}  "
        f"with words {right[level, kind, 'words'] / count:6.1%}"
        for (level, kind), count in sorted(total.items())
    ]
    return [*rows, f"{1000 * spent / sum(total.values()):.1f} ms a line"]
