"""What a distance of one engine is worth: how many strangers come that close.

A calibration file is JSON: ``engine``, ``measured`` (on what, when, with how many comparisons), ``input``
(see ``ModelInput``) and ``shapes``: name -> points, each [distance, false-match rate], both rising. A shape
says what is compared: ``3x2`` is the mean of three frames of one session, its mean distance to two portraits;
``template`` is the mean of one session against the mean of another.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist
from typing import Any, Literal

_FOLDER = Path(__file__).parent / "calibrations"
_NORMAL = NormalDist()
DEFAULT_ENGINE = "dlib-resnet-v1-mirrored"
TEMPLATE = "template"
SHAPES = ("1x1", "3x1", "3x2", "3x3", "5x1", "5x2", "5x3", TEMPLATE)  # what an engine has to be measured for
_TREND = 5  # points; neighbours at the end rest on a handful of comparisons
Points = tuple[tuple[float, float], ...]


class CalibrationError(ValueError):
    """The file is missing, broken, of another engine, or lacks a shape; the message says which."""


@dataclass(frozen=True, slots=True)
class ModelInput:
    """How a supplied model wants its pixels: (value - mean) * scale, of 0 to 255, colours in this order."""

    mean: float = 127.5
    scale: float = 1 / 127.5
    order: Literal["rgb", "bgr"] = "rgb"


@dataclass(frozen=True, slots=True)
class Calibration:
    """shapes: name -> (distance, false-match rate), from the smallest distance on.

    given: for engines on a supplied model.
    """

    engine: str
    measured: str
    shapes: Mapping[str, Points]
    given: ModelInput = ModelInput()

    def distance(self, shape: str, rate: float) -> float:
        """The distance that this share of strangers does not exceed, 0 < rate < 1.

        Between two measured points along the normal distribution: z(rate) is a straight line in the distance.
        Beyond the smallest measured rate that is no measurement but a continuation, of the line through the
        first ``_TREND`` points. Raises CalibrationError for a shape that was not measured.
        """
        points = self._points(shape)
        low, high = _around(points, 1, rate)
        share = (_z(rate) - _z(low[1])) / (_z(high[1]) - _z(low[1]))
        return max(0.0, low[0] + share * (high[0] - low[0]))

    def rate(self, shape: str, distance: float) -> float:
        """The inverse of ``distance``."""
        points = self._points(shape)
        low, high = _around(points, 0, distance)
        share = (distance - low[0]) / (high[0] - low[0])
        return _NORMAL.cdf(_z(low[1]) + share * (_z(high[1]) - _z(low[1])))

    def _points(self, shape: str) -> Points:
        if shape not in self.shapes:
            raise CalibrationError(f"{self.engine} is not calibrated for {shape}")
        return self.shapes[shape]

    def to_json(self) -> str:
        shapes = {name: [list(point) for point in points] for name, points in self.shapes.items()}
        whole = {
            "engine": self.engine,
            "measured": self.measured,
            "input": asdict(self.given),
            "shapes": shapes,
        }
        return json.dumps(whole, indent=1) + "\n"


def read_calibration(path: Path) -> Calibration:
    """Raises CalibrationError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        shapes = {str(name): _checked(points) for name, points in content["shapes"].items()}
        given = ModelInput(**content.get("input", {}))
        if given.order not in ("rgb", "bgr"):
            raise ValueError("input order is neither rgb nor bgr")
        return Calibration(str(content["engine"]), str(content["measured"]), shapes, given)
    except OSError as error:
        raise CalibrationError(f"calibration {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CalibrationError(f"calibration {path}: {error}") from error


@cache
def shipped_calibration(engine: str) -> Calibration:
    """The calibration of an engine that comes with this package. Raises CalibrationError."""
    return read_calibration(_FOLDER / f"{engine}.json")


def _checked(points: Any) -> Points:
    found = tuple((float(distance), float(rate)) for distance, rate in points)
    if len(found) < 2:
        raise ValueError("a shape needs two points at least")
    if not all(math.isfinite(distance) and 0 < rate < 1 for distance, rate in found):
        raise ValueError("a rate is not between 0 and 1")
    if not all(a < c and b < d for (a, b), (c, d) in pairwise(found)):
        raise ValueError("points do not rise")
    return found


def _around(points: Points, column: int, value: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """The two points that a value lies between, or whose line is followed beyond them."""
    if value < points[0][column]:
        return points[0], points[min(_TREND, len(points)) - 1]
    return next((pair for pair in pairwise(points) if value <= pair[1][column]), (points[-2], points[-1]))


def _z(rate: float) -> float:
    return _NORMAL.inv_cdf(rate)
