"""Compares with everybody: 16-bit values in memory, one pass over them (decision 23)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import faiss
import numpy as np

from ekyc.duplicates.ports import Vectors


class FlatIndex:
    """Implements ``ports.DuplicateIndex`` with faiss; on one thread where OMP_NUM_THREADS is 1."""

    def __init__(self, values: int) -> None:
        """values: of an embedding."""
        flat = faiss.IndexScalarQuantizer(values, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_L2)
        self._index: Any = faiss.IndexIDMap(flat)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, numbers: Sequence[int], vectors: Vectors) -> None:
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        self._index.add_with_ids(rows, np.asarray(numbers, dtype=np.int64))

    def remove(self, numbers: Sequence[int]) -> None:
        if len(numbers):
            self._index.remove_ids(np.asarray(numbers, dtype=np.int64))

    def nearest(self, vector: Vectors, most: int) -> list[tuple[int, float]]:
        squares, numbers = self._index.search(vector.astype(np.float32)[None], most)
        found = zip(numbers[0].tolist(), np.sqrt(np.maximum(squares[0], 0)).tolist(), strict=True)
        return [(number, distance) for number, distance in found if number >= 0]
