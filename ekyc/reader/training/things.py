"""Other things on the tables of training: with sharp sides, print and colours like a card's, but no card."""

from __future__ import annotations

import math
import random

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.reader.training.textures import cut, noises

Floats = NDArray[np.float32]
Point = tuple[float, float]


def with_things(rng: random.Random, table: Floats) -> Floats:
    """Up to a dozen of them, anywhere; drawn into the picture (H x W x 3)."""
    height, width = table.shape[:2]
    for _ in range(rng.choice((0, 0, 0, 1, 2, 3, 4, 6, 8, 12))):
        centre = (rng.uniform(-0.1, 1.1) * width, rng.uniform(-0.1, 1.1) * height)
        rng.choice((_sheet, _sheet, _block, _block, _picture, _rod, _disc, _cord))(rng, table, centre)
    return table


def _polygon(rng: random.Random, centre: Point, size: Point) -> NDArray[np.int32]:
    """A rectangle, mostly seen at a slant."""
    corners = cv2.boxPoints((centre, size, rng.uniform(0, 180)))
    corners = corners + np.array([(rng.gauss(0, 0.05), rng.gauss(0, 0.05)) for _ in range(4)]) * max(size)
    return np.asarray(corners, np.int32)


def _colour(rng: random.Random) -> tuple[float, float, float]:
    """Any, but pale ones as often: those are hard to tell from a card."""
    if rng.random() < 0.5:
        return (rng.uniform(180, 250), rng.uniform(180, 250), rng.uniform(180, 250))
    return (rng.uniform(0, 255), rng.uniform(0, 255), rng.uniform(0, 255))


def _sheet(rng: random.Random, table: Floats, centre: Point) -> None:
    """Paper with rows of print or handwriting, larger than a card or as large."""
    size = rng.uniform(90, 480)
    corners = _polygon(rng, centre, (size, size * rng.uniform(0.6, 1.5)))
    cv2.fillPoly(table, [corners], _colour(rng), cv2.LINE_AA)
    left, down = corners[0].astype(float), corners[3].astype(float) - corners[0]
    across = corners[1].astype(float) - corners[0]
    ink = (rng.uniform(0, 130),) * 3
    for row in np.arange(0.08, 0.95, rng.uniform(0.03, 0.1)):
        if rng.random() < 0.15:
            continue
        begin = left + down * row + across * 0.07
        at = 0.0
        stop = rng.uniform(0.3, 0.86)
        while at < stop:
            word = rng.uniform(0.02, 0.12)
            first, last = ((begin + across * s).astype(int).tolist() for s in (at, min(at + word, stop)))
            cv2.line(table, first, last, ink, rng.choice((1, 1, 2, 3)), cv2.LINE_AA)
            at += word + 0.02


def _block(rng: random.Random, table: Floats, centre: Point) -> None:
    """A notebook, a phone, a bank card: one colour, at times a rim or a stripe of another."""
    size = rng.uniform(20, 330)
    box = (size, size * rng.uniform(0.25, 1.0))
    corners = _polygon(rng, centre, box)
    cv2.fillPoly(table, [corners], _colour(rng), cv2.LINE_AA)
    if rng.random() < 0.5:
        middle = corners.mean(0)
        inner = middle + (corners - middle) * np.array([rng.uniform(0.3, 0.95), rng.uniform(0.3, 0.95)])
        cv2.fillPoly(table, [inner.astype(np.int32)], _colour(rng), cv2.LINE_AA)


def _picture(rng: random.Random, table: Floats, centre: Point) -> None:
    """Something of many colours without print: a cover, a box, a mat."""
    size = rng.uniform(60, 300)
    mask = np.zeros(table.shape[:2], np.uint8)
    cv2.fillPoly(mask, [_polygon(rng, centre, (size, size * rng.uniform(0.4, 1.0)))], 255)
    cells = rng.randint(3, 20)
    patch = np.stack([np.ascontiguousarray(cut(rng, noises(), cells, cells)) for _ in range(3)], -1)
    large = cv2.resize(patch, (table.shape[1], table.shape[0]), interpolation=cv2.INTER_CUBIC)
    tinted = np.clip(np.array(_colour(rng), np.float32) + 40 * large, 0, 255)
    table[mask > 0] = tinted[mask > 0]


def _rod(rng: random.Random, table: Floats, centre: Point) -> None:
    a, reach = rng.uniform(0, math.pi), rng.uniform(30, 260)
    ends = [
        (round(centre[0] + s * reach * math.cos(a)), round(centre[1] + s * reach * math.sin(a)))
        for s in (-1, 1)
    ]
    cv2.line(table, ends[0], ends[1], _colour(rng), rng.randint(2, 26), cv2.LINE_AA)


def _disc(rng: random.Random, table: Floats, centre: Point) -> None:
    axes = (rng.randint(8, 90), rng.randint(8, 90))
    at = (round(centre[0]), round(centre[1]))
    cv2.ellipse(table, at, axes, rng.uniform(0, 180), 0, 360, _colour(rng), -1, cv2.LINE_AA)


def _cord(rng: random.Random, table: Floats, centre: Point) -> None:
    x, y, a = centre[0], centre[1], rng.uniform(0, 6)
    points = []
    for _ in range(60):
        a += rng.gauss(0, 0.25)
        x, y = x + 9 * math.cos(a), y + 9 * math.sin(a)
        points.append((round(x), round(y)))
    cv2.polylines(table, [np.array(points)], False, _colour(rng), rng.randint(1, 7), cv2.LINE_AA)
