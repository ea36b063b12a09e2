"""Distances of genuine and impostor comparisons, and what they say at a false-match rate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ekyc.evaluate.bounds import wilson
from ekyc.evaluate.faces.embed import Looks, Rows
from ekyc.evaluate.faces.pairs import Pair
from ekyc.face.calibration import TEMPLATE
from ekyc.face.vectors import mean_direction

Distances = NDArray[np.float64]
RATES = (1e-2, 1e-3, 1e-4)
_BLOCK = 200  # probes compared with everybody at a time
_CALIBRATED = (1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1)
_DECIDE = 10  # impostors within a distance, for its rate to count


@dataclass(frozen=True, slots=True)
class Shape:
    """``3x2``: the mean of three frames, mean distance to two portraits. ``template``: against a mean too."""

    name: str
    frames: int
    references: int

    @classmethod
    def parse(cls, name: str) -> Shape:
        """Raises ValueError: frames 1 to 9, references 1 to 3."""
        if name == TEMPLATE:
            return cls(name, 5, 1)
        left, _, right = name.partition("x")
        frames, references = int(left), int(right)
        if not (1 <= frames <= 9 and 1 <= references <= 3):
            raise ValueError(name)
        return cls(name, frames, references)


@dataclass(frozen=True, slots=True)
class Compared:
    """Sorted distances."""

    genuine: Distances
    impostor: Distances


def compare(looks: Looks, pairs: Sequence[Pair], people: Mapping[str, str], shape: Shape) -> Compared:
    """The listed pairs; with ``people`` all strangers against each other instead of the listed ones."""
    where = {file: row for row, file in enumerate(looks.files)}
    probes, references = _probes(looks, shape), _references(looks, shape)

    def listed(same: bool) -> Distances:
        known = [p for p in pairs if p.same is same and p.a in where and p.b in where]
        a, b = [where[p.a] for p in known], [where[p.b] for p in known]
        each = [np.linalg.norm(probes[a] - rows[b], axis=1) for rows in references]
        return np.asarray(np.mean(each, axis=0), dtype=np.float64)

    impostor = _strangers(looks, people, probes, references) if people else listed(False)
    return Compared(np.sort(listed(True)), np.sort(impostor))


def _probes(looks: Looks, shape: Shape) -> Rows:
    return looks.plain if shape.frames == 1 else mean_direction(looks.frames[:, : shape.frames])


def _references(looks: Looks, shape: Shape) -> list[Rows]:
    """The registry's portrait first, then the card's, then the chip's; all three are one picture there."""
    if shape.name == TEMPLATE:
        return [mean_direction(looks.frames)]
    return [looks.plain, looks.printed, looks.chip][: shape.references]


def _strangers(
    looks: Looks, people: Mapping[str, str], probes: Rows, references: Sequence[Rows]
) -> Distances:
    """Each photo of one person against each of another, in both directions."""
    who = np.unique([people[file] for file in looks.files], return_inverse=True)[1]
    found = []
    for first in range(0, len(probes), _BLOCK):
        block = slice(first, first + _BLOCK)
        table = np.mean([_table(probes[block], rows) for rows in references], axis=0)
        found.append(table[who[block, None] != who[None, :]])
    return np.concatenate(found)


def _table(a: Rows, b: Rows) -> Rows:
    """Every row of ``a`` against every row of ``b``."""
    squares = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1)[None, :] - 2 * a @ b.T
    return np.asarray(np.sqrt(np.maximum(squares, 0)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Point:
    """What one limit lets through. Rates with 95 % bounds; resolved: enough impostors for the target."""

    target: float
    limit: float
    matched: int
    refused: int
    match_rate: tuple[float, float, float]
    refusal_rate: tuple[float, float, float]
    resolved: bool


def at_rate(compared: Compared, target: float) -> Point:
    """The largest limit that lets at most this share of the impostors through."""
    impostor, genuine = compared.impostor, compared.genuine
    allowed = math.floor(target * impostor.size)
    limit = math.nextafter(float(impostor[allowed]), 0.0) if allowed < impostor.size else float(impostor[-1])
    matched = int(np.searchsorted(impostor, limit, side="right"))
    refused = genuine.size - int(np.searchsorted(genuine, limit, side="right"))
    return Point(
        target,
        limit,
        matched,
        refused,
        (_share(matched, impostor.size), *wilson(matched, impostor.size)),
        (_share(refused, genuine.size), *wilson(refused, genuine.size)),
        allowed > 0,
    )


def calibration_points(compared: Compared) -> tuple[tuple[float, float], ...]:
    """(distance, false-match rate) where at least ten impostors decide, rising in both."""
    points: list[tuple[float, float]] = []
    for rate in _CALIBRATED:
        count = math.floor(rate * compared.impostor.size)
        if count < _DECIDE:
            continue
        distance = round(float(compared.impostor[count - 1]), 4)
        if not points or distance > points[-1][0]:
            points.append((distance, rate))
    return tuple(points)


def _share(count: int, of: int) -> float:
    return count / of if of else 0.0
