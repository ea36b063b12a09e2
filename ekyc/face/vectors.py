"""Embeddings are compared by their direction: length says more about the photo than about the person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float64]


def unit(vectors: Vectors) -> Vectors:
    """The same directions at length 1; the last axis holds the values."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), dtype=np.float64)


def mean_direction(vectors: Sequence[Vectors] | Vectors) -> Vectors:
    """One template of several embeddings of a person, each counting the same."""
    return unit(unit(np.asarray(vectors)).mean(axis=-2))


def angular_distance(a: Vectors, b: Vectors) -> float:
    """Length of the chord between two directions: 0 is the same, 1.41 has nothing in common."""
    return float(np.linalg.norm(unit(a) - unit(b)))
