"""Pictures with a mask: pages of print with their bands, photos of cards with the card."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.reader.training.textures import cut, noises, shades

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Scene = tuple[Pixels, Pixels]
_A_FILE = 400


def write_scenes(folder: Path, scene: Callable[[random.Random], Scene], count: int, seed: int) -> None:
    """Write ``count`` scenes, 400 a file."""
    cv2.setNumThreads(1)
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(-(-count // _A_FILE)):
        rng = random.Random(seed * 100_003 + i)  # noqa: S311
        pictures, masks = zip(*(scene(rng) for _ in range(_A_FILE)), strict=True)
        np.savez_compressed(folder / f"scenes{i:04d}.npz", pictures=np.stack(pictures), masks=np.stack(masks))


def read_scenes(folder: Path, rng: random.Random) -> Iterator[list[Scene]]:
    """Endless: the scenes of one file at a time, in random order."""
    files = sorted(folder.glob("scenes*.npz"))
    if not files:
        raise FileNotFoundError(f"no scenes in {folder}: run the draw step first")
    while True:
        with np.load(rng.choice(files)) as z:
            scenes = list(zip(z["pictures"], z["masks"], strict=True))
        rng.shuffle(scenes)
        yield scenes


def guilloche(rng: random.Random, size: int) -> Floats:
    """Coloured paper under families of thin waves, size x size x 3."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    one, other = ([rng.uniform(150, 250) for _ in range(3)] for _ in range(2))
    a = rng.uniform(0, 2 * math.pi)
    share = ((x * math.cos(a) + y * math.sin(a)) / size / 2 + 0.5)[..., None]
    paper = np.array(one, np.float32) * share + np.array(other, np.float32) * (1 - share)
    for _ in range(rng.randint(1, 4)):
        a = rng.uniform(0, math.pi)
        along, across = x * math.cos(a) + y * math.sin(a), y * math.cos(a) - x * math.sin(a)
        bend = rng.uniform(2, 40) * np.sin(along / rng.uniform(20, 160) + rng.uniform(0, 6))
        wave = np.cos(2 * np.pi * (across + bend) / rng.uniform(6, 40))
        thin = rng.random() < 0.7
        line = np.where(wave > rng.uniform(0.5, 0.97), 1.0, 0.0) if thin else (wave + 1) * 0.3
        line = cv2.GaussianBlur(line.astype(np.float32), (0, 0), rng.uniform(0.4, 1))
        strength = np.array([rng.uniform(5, 75) for _ in range(3)], np.float32) * np.float32(
            rng.uniform(0.2, 1)
        )
        paper = paper - line[..., None] * strength
    return np.asarray(np.clip(paper, 0, 255), np.float32)


def shaded(rng: random.Random, picture: Floats, most: float) -> Floats:
    """Slow unevenness and, at times, a spot of glare and the edge of a shadow; H x W x C."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    soft = cv2.resize(cut(rng, shades(), 60, 80), (width, height))
    picture = picture * (1 + np.float32(rng.uniform(0, 0.3) * most) * soft)[..., None]
    if rng.random() < 0.35:
        spot = ((x - rng.uniform(0, width)) / (rng.uniform(0.06, 0.3) * width)) ** 2
        spot = spot + ((y - rng.uniform(0, height)) / (rng.uniform(0.06, 0.3) * height)) ** 2
        glare = (np.exp(-spot) * rng.uniform(0.2, 1) * most)[..., None]
        picture = picture * (1 - glare) + 255 * glare
    if rng.random() < 0.35:
        a = rng.uniform(0, 2 * math.pi)
        far = (x - width / 2) * math.cos(a) + (y - height / 2) * math.sin(a) - rng.uniform(-0.3, 0.3) * width
        edge = 1 / (1 + np.exp(-np.clip(far / rng.uniform(2, 40), -30, 30)))
        picture = picture * (1 - rng.uniform(0.1, 0.55) * most * edge)[..., None]
    return (picture * rng.uniform(0.5, 1.08)).astype(np.float32)


def sensed(rng: random.Random, picture: Floats, softness: float, grain: float) -> Pixels:
    """Lens blur, sensor noise and JPEG."""
    soft = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.2, max(0.3, softness)))
    if soft.ndim == 2:
        soft = soft[..., None]
    noise = np.stack([cut(rng, noises(), *soft.shape[:2]) for _ in range(soft.shape[2])], -1)
    out = np.clip(soft + noise * np.float32(rng.uniform(0.5, max(0.6, grain))), 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        packed = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(40, 92)])[1]
        out = np.asarray(cv2.imdecode(packed, cv2.IMREAD_UNCHANGED), np.uint8)
    return out
