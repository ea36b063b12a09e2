"""The index finds what an exact comparison of all pairs finds."""

from __future__ import annotations

import numpy as np

from ekyc.duplicates.flat_index import FlatIndex
from ekyc.face.vectors import unit

RNG = np.random.default_rng(1)
VECTORS = unit(RNG.normal(size=(2000, 128))).astype(np.float32)


def filled() -> FlatIndex:
    index = FlatIndex(128)
    index.add(range(10, 2010), VECTORS)
    return index


def test_the_same_neighbours_as_comparing_with_everybody() -> None:
    index = filled()
    for row in unit(RNG.normal(size=(20, 128))).astype(np.float32):
        exact = np.linalg.norm(VECTORS - row, axis=1)
        numbers, distances = zip(*index.nearest(row, 5), strict=True)
        assert numbers[0] == 10 + exact.argmin()
        np.testing.assert_allclose(distances, np.sort(exact)[:5], atol=1e-3)


def test_removed_ones_are_gone_and_unknown_ones_no_matter() -> None:
    index = filled()
    index.remove([15, 999_999])
    assert len(index) == 1999
    assert index.nearest(VECTORS[5], 1)[0][0] != 15
    assert index.nearest(VECTORS[6], 1)[0] == (16, index.nearest(VECTORS[6], 1)[0][1])


def test_an_index_of_one_and_of_none() -> None:
    index = FlatIndex(128)
    assert index.nearest(VECTORS[0], 5) == []
    index.add([7], VECTORS[:1])
    assert [number for number, _ in index.nearest(VECTORS[0], 5)] == [7]
