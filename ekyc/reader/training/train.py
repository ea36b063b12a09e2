"""Trains a network for a number of minutes; the learning rate follows the clock, not the steps."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ekyc.reader.training.networks import nn, torch
from ekyc.reader.training.scenes import Scene, read_scenes
from ekyc.reader.training.shards import Example, read_shards

_PEAK = 2.5e-3  # of the learning rate, from random weights
_PEAK_GOING_ON = 8e-4  # ... from a checkpoint
_BATCH = 32


class Clock:
    """Share of the time that is over, and the learning rate that goes with it: rise, then cosine fall."""

    def __init__(self, minutes: float, peak: float) -> None:
        self._begin, self._seconds, self._peak = time.monotonic(), 60 * minutes, peak

    @property
    def share(self) -> float:
        return (time.monotonic() - self._begin) / self._seconds

    @property
    def rate(self) -> float:
        t = min(1.0, self.share)
        rise, fall = t / 0.06, 0.5 + 0.5 * math.cos(math.pi * (t - 0.06) / 0.94)
        return self._peak * (rise if t < 0.06 else fall) + 1e-5


def normalise(x: np.ndarray) -> np.ndarray:
    """Zero mean, about unit swing; the same at run time."""
    x = x.astype(np.float32)
    return (x - x.mean()) / (x.std() + 8.0)


def train_lines(
    net: Any, signs: str, rows: int, folder: Path, minutes: float, out: Path, going_on: bool = False
) -> None:
    """CTC training of a line network on a folder of shards; the checkpoint is renewed after each pass.

    ``going_on``: the network has been trained before, so the steps are smaller.
    """
    rng, noise = random.Random(1), np.random.default_rng(1)  # noqa: S311
    peak = _PEAK_GOING_ON if going_on else _PEAK
    optimiser, clock = torch.optim.AdamW(net.parameters(), lr=1e-4, weight_decay=0.01), Clock(minutes, peak)
    for examples in read_shards(folder, rows, rng):
        loss = torch.zeros(())
        for batch in _by_width(examples, rng):
            x, lengths = _batch([line for line, _ in batch], noise)
            targets = torch.tensor([signs.index(c) + 1 for _, text in batch for c in text], dtype=torch.long)
            sizes = torch.tensor([len(text) for _, text in batch])
            logits = net(x).log_softmax(-1).transpose(0, 1)
            loss = nn.functional.ctc_loss(logits, targets, lengths, sizes, zero_infinity=True)
            _step(net, optimiser, loss, clock.rate)
            if clock.share >= 1:
                break
        torch.save(net.state_dict(), out)
        print(f"{100 * clock.share:5.1f} %  loss {float(loss):.4f}", flush=True)  # noqa: T201
        if clock.share >= 1:
            return


def train_scenes(net: Any, folder: Path, minutes: float, out: Path, start: Path | None = None) -> None:
    """Training of a segmentation network on a folder of scenes: cross-entropy and Dice.

    start: checkpoint of the same network to go on from.
    """
    if start is not None:
        net.load_state_dict(torch.load(start, map_location="cpu"))
    rng = random.Random(1)  # noqa: S311
    optimiser, clock = torch.optim.AdamW(net.parameters(), lr=1e-4), Clock(minutes, _PEAK)
    for scenes in read_scenes(folder, rng):
        loss = torch.zeros(())
        for begin in range(0, len(scenes), 8):
            x, wanted = _scene_batch(scenes[begin : begin + 8])
            logits = net(x)
            p = logits.sigmoid()
            dice = 1 - (2 * (p * wanted).sum() + 1) / (p.sum() + wanted.sum() + 1)
            loss = nn.functional.binary_cross_entropy_with_logits(logits, wanted) + dice
            _step(net, optimiser, loss, clock.rate)
            if clock.share >= 1:
                break
        torch.save(net.state_dict(), out)
        print(f"{100 * clock.share:5.1f} %  loss {float(loss):.4f}", flush=True)  # noqa: T201
        if clock.share >= 1:
            return


def _step(net: Any, optimiser: Any, loss: Any, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    optimiser.step()


def _by_width(examples: list[Example], rng: random.Random) -> Iterator[list[Example]]:
    """Lines of like width together, so that little is padded; batches in random order."""
    ordered = sorted(examples, key=lambda e: e[0].shape[1] + rng.uniform(-10, 10))
    batches = [ordered[i : i + _BATCH] for i in range(0, len(ordered), _BATCH)]
    rng.shuffle(batches)
    yield from batches


def _batch(lines: list[np.ndarray], noise: np.random.Generator) -> tuple[Any, Any]:
    width = max(line.shape[1] for line in lines)
    x = np.zeros((len(lines), 1, lines[0].shape[0], width), np.float32)
    for i, line in enumerate(lines):
        moved = np.roll(line, int(noise.integers(-1, 2)), 0).astype(np.float32)
        x[i, 0, :, : line.shape[1]] = normalise(moved + noise.normal(0, noise.uniform(0, 6), line.shape))
    return torch.from_numpy(x), torch.tensor([line.shape[1] // 4 for line in lines])


def _scene_batch(scenes: list[Scene]) -> tuple[Any, Any]:
    pictures = [normalise(picture if picture.ndim == 3 else picture[..., None]) for picture, _ in scenes]
    x = np.stack(pictures).transpose(0, 3, 1, 2)
    wanted = np.stack([mask for _, mask in scenes])[:, None].astype(np.float32) / 255
    return torch.from_numpy(np.ascontiguousarray(x)), torch.from_numpy(wanted)
