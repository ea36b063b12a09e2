"""What lies on a table beside a card, and the fingers that hold it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_SKIN = ((224, 178, 150), (198, 148, 118), (164, 116, 88))


def add_things(rng: np.random.Generator, picture: Floats, count: int) -> None:
    """Printed sheets, notebooks, phones, pens, coins and cables; drawn into the picture."""
    height, width = picture.shape[:2]
    kinds = (_sheet, _block, _phone, _pen, _coin, _cable)
    for _ in range(count):
        # around the middle, where the card will lie, as often as at the border
        centre = (float(rng.uniform(-0.05, 1.05) * width), float(rng.uniform(-0.05, 1.05) * height))
        kinds[rng.integers(len(kinds))](rng, picture, centre, float(rng.uniform(0.15, 0.5)) * width)


def add_fingers(rng: np.random.Generator, picture: Floats, corners: NDArray[np.float32], count: int) -> None:
    """Finger tips that reach a few millimetres over the card's sides, away from its corners."""
    unit = float(np.linalg.norm(corners[1] - corners[0])) / 85.6
    for _ in range(count):
        side = int(rng.integers(4))
        a, b = corners[side], corners[(side + 1) % 4]
        along = (b - a) / np.linalg.norm(b - a)
        outwards = np.array([along[1], -along[0]])
        tip = a + (b - a) * rng.uniform(0.25, 0.75) - outwards * unit * rng.uniform(1.0, 4.0)
        root = tip + outwards * unit * 60 + along * unit * rng.uniform(-15, 15)
        skin = np.array(_SKIN[rng.integers(len(_SKIN))], np.float32) * np.float32(rng.uniform(0.8, 1.05))
        thick = round(unit * rng.uniform(12, 16))
        inside = (tip + outwards * thick / 2).astype(int), root.astype(int)
        cv2.line(picture, inside[0].tolist(), inside[1].tolist(), skin.tolist(), thick, cv2.LINE_AA)
        nail = (tip + outwards * thick * 0.35).astype(int).tolist()
        paler = np.minimum(skin * 1.1, 250).tolist()
        cv2.circle(picture, nail, max(2, thick // 4), paler, -1, cv2.LINE_AA)


def _box(centre: tuple[float, float], size: tuple[float, float], angle: float) -> NDArray[np.int32]:
    return np.asarray(cv2.boxPoints((centre, size, angle)), np.int32)


def _colour(rng: np.random.Generator, low: float = 10, high: float = 250) -> list[float]:
    return [float(v) for v in rng.uniform(low, high, 3)]


def _sheet(rng: np.random.Generator, picture: Floats, centre: tuple[float, float], size: float) -> None:
    """White paper with lines of print."""
    angle = float(rng.uniform(0, 180))
    size *= 1.6
    cv2.fillPoly(picture, [_box(centre, (size, size * 1.41), angle)], _colour(rng, 215, 250), cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D(centre, -angle, 1.0)
    for row in np.arange(-0.6, 0.6, 0.06):
        length = float(rng.uniform(0.4, 0.85)) * size
        ends = np.array([(centre[0] - 0.42 * size, centre[1] + row * size)] * 2)
        ends[1, 0] += length
        first, last = (ends @ turn[:, :2].T + turn[:, 2]).astype(int).tolist()
        cv2.line(picture, first, last, (70, 70, 75), max(2, round(size / 150)))


def _block(rng: np.random.Generator, picture: Floats, centre: tuple[float, float], size: float) -> None:
    """A notebook, a box, a bank card: one colour, sharp sides, at times a stripe."""
    angle, other = float(rng.uniform(0, 180)), size * float(rng.uniform(0.4, 1.0))
    cv2.fillPoly(picture, [_box(centre, (size, other), angle)], _colour(rng), cv2.LINE_AA)
    if rng.random() < 0.5:
        cv2.fillPoly(picture, [_box(centre, (size, other * 0.2), angle)], _colour(rng), cv2.LINE_AA)


def _phone(rng: np.random.Generator, picture: Floats, centre: tuple[float, float], size: float) -> None:
    angle = float(rng.uniform(0, 180))
    cv2.fillPoly(picture, [_box(centre, (size, size * 0.48), angle)], (25, 25, 28), cv2.LINE_AA)
    screen = _colour(rng, 20, 120)
    cv2.fillPoly(picture, [_box(centre, (size * 0.94, size * 0.43), angle)], screen, cv2.LINE_AA)


def _pen(rng: np.random.Generator, picture: Floats, centre: tuple[float, float], size: float) -> None:
    angle = float(rng.uniform(0, np.pi))
    reach = np.array([np.cos(angle), np.sin(angle)]) * size / 2
    first, last = ((np.array(centre) + sign * reach).astype(int).tolist() for sign in (-1, 1))
    cv2.line(picture, first, last, _colour(rng), max(8, round(size * 0.05)), cv2.LINE_AA)


def _coin(rng: np.random.Generator, picture: Floats, centre: tuple[float, float], size: float) -> None:
    at = (int(centre[0]), int(centre[1]))
    cv2.circle(picture, at, max(10, round(size * 0.12)), _colour(rng, 120, 220), -1, cv2.LINE_AA)


def _cable(rng: np.random.Generator, picture: Floats, centre: tuple[float, float], size: float) -> None:
    t = np.linspace(0, 1, 60)
    bend = rng.normal(0, size * 0.6, (4, 2))
    curve = sum(
        (bend[k] * (np.sin((k + 1) * np.pi * t) / (k + 1))[:, None] for k in range(4)), np.zeros((60, 2))
    )
    points = (np.array(centre) + curve + np.outer(t - 0.5, rng.normal(0, size, 2))).astype(np.int32)
    cv2.polylines(picture, [points], False, _colour(rng, 10, 235), max(5, round(size * 0.02)), cv2.LINE_AA)
