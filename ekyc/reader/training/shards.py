"""Folders of drawn examples (``shard*.npz``), written once and read by the trainers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.reader.training.fonts import mono_fonts
from ekyc.reader.training.picture import render_line
from ekyc.reader.training.texts import mrz_text, sample_text

Grey = NDArray[np.uint8]
Example = tuple[Grey, str]
X_SCALE = 0.8
TEXT_ROWS, MRZ_ROWS = 40, 32  # what the two networks see
_WIDEST = 800


def to_rows(line: Grey, rows: int, widest: int = _WIDEST) -> Grey:
    """A line at a network's height; its width is a multiple of 4."""
    height, width = line.shape
    columns = max(16, round(min(width * rows / height * X_SCALE, widest) / 4) * 4)
    how = cv2.INTER_AREA if height > rows else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(line, (columns, rows), interpolation=how), np.uint8)


def text_example(rng: random.Random, level: int) -> Example:
    """A line for the text recogniser; now and then an empty one."""
    if level and rng.random() < 0.006:
        paper = render_line(rng, "i", max(1, level))
        height, width = paper.shape
        blurred = cv2.GaussianBlur(paper, (0, 0), height)
        return to_rows(np.asarray(cv2.resize(blurred, (width * 3, height)), np.uint8), TEXT_ROWS), ""
    while True:
        _, text = sample_text(rng)
        line = to_rows(render_line(rng, text, level), TEXT_ROWS)
        if _fits(line, text):
            return line, text


def mrz_example(rng: random.Random, level: int) -> Example:
    """A line of the machine readable zone, mostly in OCR-B."""
    ocr, mono = mono_fonts()
    while True:
        text = mrz_text(rng)
        font = rng.choice(ocr) if rng.random() < 0.72 or not mono else rng.choice(mono)
        line = to_rows(render_line(rng, text, max(1, level), font), MRZ_ROWS, 640)
        if _fits(line, text):
            return line, text


def _fits(line: Grey, text: str) -> bool:
    """CTC needs a step a sign, and one more between equal neighbours."""
    return bool(line.shape[1] // 4 > len(text) + sum(a == b for a, b in pairwise(text)))


def write_shards(
    folder: Path,
    example: Callable[[random.Random, int], Example],
    lines: int,
    seed: int,
    easy_first: bool = True,
) -> None:
    """Write ``lines`` examples, 2,000 a file; for a network that knows nothing the first are easier."""
    cv2.setNumThreads(1)
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(-(-lines // 2000)):
        rng = random.Random(seed * 100_003 + i)  # noqa: S311
        levels = (6, 3, 1, 0, 0) if easy_first and i < 3 else (0.2, 1.5, 3, 2.5, 2.8)
        drawn = [example(rng, rng.choices(range(5), levels)[0]) for _ in range(2000)]
        np.savez(
            folder / f"shard{i:04d}.npz",
            flat=np.concatenate([line.ravel() for line, _ in drawn]),
            widths=np.array([line.shape[1] for line, _ in drawn], np.int32),
            texts=np.array("\n".join(text for _, text in drawn)),
        )


def read_shards(folder: Path, rows: int, rng: random.Random) -> Iterator[list[Example]]:
    """Endless: the examples of a few files at a time, in random order."""
    files = sorted(folder.glob("shard*.npz"))
    if not files:
        raise FileNotFoundError(f"no shards in {folder}: run the draw step first")
    while True:
        chosen = rng.sample(files, min(4, len(files)))
        yield [example for path in chosen for example in _load(path, rows)]


def _load(path: Path, rows: int) -> list[Example]:
    with np.load(path) as z:
        flat, widths, texts = z["flat"], z["widths"], str(z["texts"]).split("\n")
    ends = np.cumsum(widths * rows)
    return [
        (flat[end - width * rows : end].reshape(rows, width), text)
        for end, width, text in zip(ends, widths, texts, strict=True)
    ]
