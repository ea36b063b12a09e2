"""Photos of cards on all kinds of tables, with every card marked and nothing else."""

from __future__ import annotations

import math
import random
from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw

from ekyc.reader.training.scenes import Floats, Pixels, Scene, guilloche, sensed, shaded
from ekyc.reader.training.textures import cut, noises
from ekyc.reader.training.things import with_things
from ekyc.registry.seed import build_population
from ekyc.specimen.printer import print_card

_WIDTH, _HEIGHT = 512, 384  # drawn; the network sees half of it
_CARD = (634, 400)


def photo(rng: random.Random) -> Scene:
    """(192 x 256 x 3 RGB, 96 x 128 mask). One in twelve has no card."""
    scene, mask = _table(rng), np.zeros((_HEIGHT, _WIDTH), np.float32)
    if rng.random() < 0.92:
        corners = _corners(rng)
        if rng.random() < 0.1:
            scene, mask = _lay(rng, scene, mask, _beside(rng, corners))
        scene, mask = _lay(rng, scene, mask, corners)
    picture = sensed(rng, shaded(rng, scene, 1.0), 2.4, 12)
    small = cv2.resize(picture, (_WIDTH // 2, _HEIGHT // 2), interpolation=cv2.INTER_AREA)
    marked = cv2.resize(mask * 255, (_WIDTH // 4, _HEIGHT // 4), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), marked.astype(np.uint8)


@cache
def _cards() -> tuple[Pixels, ...]:
    people, _ = build_population(60, 77)
    chosen = [p for kind in ("cccd_chip", "can_cuoc") for p in [q for q in people if q.card.kind == kind][:7]]
    printed = [print_card(person) for person in chosen]
    return tuple(np.asarray(cv2.resize(side, _CARD), np.uint8) for c in printed for side in (c.front, c.back))


def _card(rng: random.Random) -> Floats:
    """A specimen card, or any card-like paper, at times grey or tinted."""
    if rng.random() < 0.7:
        card = rng.choice(_cards()).astype(np.float32)
    else:
        paper = guilloche(rng, _CARD[0])[: _CARD[1]].astype(np.uint8)
        for y in range(40, _CARD[1] - 20, rng.randint(24, 60)):
            text = "".join(
                rng.choice("ABCDEGHIKLMNOabcdeghiklmno  0123456789") for _ in range(rng.randint(5, 40))
            )
            ink = (rng.randint(0, 90),) * 3
            cv2.putText(paper, text, (rng.randint(10, 250), y), 0, rng.uniform(0.4, 1.0), ink, 2, cv2.LINE_AA)
        card = paper.astype(np.float32)
    if rng.random() < 0.15:
        card = np.repeat(card.mean(2, keepdims=True), 3, 2)
    return np.asarray(card * np.array([rng.uniform(0.8, 1.1) for _ in range(3)]), np.float32)


def _outline(rng: random.Random) -> Pixels:
    mask = Image.new("L", _CARD, 0)
    radius = rng.choice((0, 24, 24, 24, 30))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, _CARD[0] - 1, _CARD[1] - 1), radius, fill=255)
    return np.asarray(mask)


def _corners(rng: random.Random) -> Floats:
    """Four corners of a card seen at some distance, turn and slant."""
    size = rng.uniform(0.25, 1.0) * _WIDTH
    lying = math.radians(rng.choice((0, 90, 180, 270))) + rng.gauss(0, 0.18)
    a = lying if rng.random() < 0.5 else rng.uniform(0, 2 * math.pi)
    flat = np.array([(-0.5, -0.315), (0.5, -0.315), (0.5, 0.315), (-0.5, 0.315)]) * size
    depth = 1 + flat[:, :1] / size * rng.gauss(0, 0.22) + flat[:, 1:] / size * rng.gauss(0, 0.22)
    turned = flat @ np.array([(math.cos(a), math.sin(a)), (-math.sin(a), math.cos(a))]) / depth
    centre = (_WIDTH * (0.5 + rng.gauss(0, 0.07)), _HEIGHT * (0.5 + rng.gauss(0, 0.07)))
    return (turned + np.array(centre)).astype(np.float32)


def _beside(rng: random.Random, corners: Floats) -> Floats:
    """Where a second card may lie: next to the first, turned a little."""
    down = (corners[3] + corners[2] - corners[0] - corners[1]) / 2
    centre = corners.mean(0) + down * rng.choice((-1.0, 1.0)) * rng.uniform(1.05, 1.4)
    turn = cv2.getRotationMatrix2D((0, 0), rng.gauss(0, 12), rng.uniform(0.9, 1.05))[:, :2]
    return np.asarray((corners - corners.mean(0)) @ turn.T + centre, np.float32)


def _lay(rng: random.Random, scene: Floats, marked: Floats, corners: Floats) -> tuple[Floats, Floats]:
    """The card on the table with its shadow, at times with fingers on it; what they hide stays marked."""
    source = np.array([(0, 0), (_CARD[0], 0), _CARD, (0, _CARD[1])], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners)
    size = (_WIDTH, _HEIGHT)
    card = cv2.warpPerspective(_card(rng), matrix, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(_outline(rng), matrix, size).astype(np.float32) / 255
    if rng.random() < 0.7:
        moved = np.roll(mask, (rng.randint(-10, 10), rng.randint(-10, 10)), (0, 1))
        shadow = cv2.GaussianBlur(moved, (0, 0), rng.uniform(1, 8))
        scene = scene * (1 - shadow[..., None] * np.float32(rng.uniform(0, 0.55)))
    laid = np.asarray(scene * (1 - mask[..., None]) + card * mask[..., None], np.float32)
    for _ in range(rng.choice((0, 0, 0, 0, 1, 2, 3))):
        _finger(rng, laid, corners)
    return laid, np.asarray(np.maximum(marked, mask), np.float32)


def _finger(rng: random.Random, picture: Floats, corners: Floats) -> None:
    side, share = rng.randrange(4), rng.uniform(0.15, 0.85)
    edge = corners[side] * (1 - share) + corners[(side + 1) % 4] * share
    away = edge - corners.mean(0)
    away = away / max(1e-3, float(np.hypot(*away)))
    tip = edge - away * rng.uniform(2, 22)
    root = edge + away * 300 + np.array([rng.uniform(-90, 90), rng.uniform(-90, 90)])
    tone = rng.uniform(0.55, 1.0)
    skin = (tone * rng.uniform(215, 245), tone * rng.uniform(155, 200), tone * rng.uniform(120, 175))
    ends = [(round(float(x)), round(float(y))) for x, y in (tip, root)]
    cv2.line(picture, ends[0], ends[1], skin, rng.randint(24, 60), cv2.LINE_AA)


def _table(rng: random.Random) -> Floats:
    """Plain, light, wooden, checked, printed or stony, with other things on it."""
    y, x = np.mgrid[0:_HEIGHT, 0:_WIDTH].astype(np.float32)
    light = rng.random() < 0.45
    grey = rng.uniform(170, 245) if light else rng.uniform(15, 245)
    colour = [grey * (1 + rng.gauss(0, 0.05 if light else 0.3)) for _ in range(3)]
    table = np.zeros((_HEIGHT, _WIDTH, 3), np.float32) + np.clip(np.array(colour, np.float32), 10, 250)
    kind = rng.choice(("plain", "stone") if light else ("plain", "wood", "checks", "paper", "stone"))
    a = rng.uniform(0, math.pi)
    along, across = x * math.cos(a) + y * math.sin(a), y * math.cos(a) - x * math.sin(a)
    if kind == "wood":
        grain = cut(rng, noises(), rng.randint(20, 200), rng.randint(3, 10))
        slow = cv2.resize(np.ascontiguousarray(grain), (_WIDTH, _HEIGHT), interpolation=cv2.INTER_CUBIC)
        rings = np.sin(across / rng.uniform(2, 12) + 3 * slow + np.sin(along / rng.uniform(20, 90)))
        table += rings[..., None] * np.array([rng.uniform(4, 28) for _ in range(3)], np.float32)
    elif kind == "checks":
        pitch = rng.uniform(6, 60)
        squares = (along // pitch + across // pitch) % 2
        table += squares[..., None] * np.array([rng.uniform(-50, 50) for _ in range(3)], np.float32)
    elif kind == "paper":
        ink = np.full(table.shape, 255, np.uint8)
        for row in range(5, _HEIGHT, rng.randint(8, 16)):
            text = "".join(rng.choice("abcdeghiklmnopqrstuvxy   ") for _ in range(70))
            cv2.putText(ink, text, (rng.randint(-40, 20), row), 0, rng.uniform(0.25, 0.5), (40, 40, 40), 1)
        table = np.minimum(table, ink.astype(np.float32))
    elif kind == "stone":
        for cells in (4, 16, 60):
            patch = np.ascontiguousarray(cut(rng, noises(), cells, cells))
            table += cv2.resize(patch, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_CUBIC)[
                ..., None
            ] * rng.uniform(2, 16)
    return with_things(rng, table)
