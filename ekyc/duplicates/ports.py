"""What the search needs: rows that outlive a process, and an index that does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]  # (n, values), length 1


@dataclass(frozen=True, slots=True)
class EnrolledFace:
    """One template, encrypted. person: keyed hash of the personal number. kept: it has become an account."""

    verification_id: str
    person: str
    engine: str
    template: bytes
    created_at: datetime
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Positions rise in the order of commits. template: None when the face at ``face`` was removed."""

    position: int
    face: int
    verification_id: str = ""
    template: bytes | None = None


class FaceStore(Protocol):
    """Each method is one transaction."""

    def add(self, face: EnrolledFace) -> int:
        """The face's position. The same verification again replaces its face."""
        ...

    def keep(self, verification_id: str) -> None:
        """It has become an account: older faces of the same person go, this one stays."""
        ...

    def remove(self, verification_id: str) -> None:
        """Unless it is kept."""
        ...

    def forget(self, person: str) -> None:
        """Every face of a person, kept or not."""
        ...

    def purge(self, before: datetime) -> None:
        """Faces that were added before and have not become an account."""
        ...

    def changes(self, after: int, engine: str, most: int) -> list[Change]:
        """Additions of this engine and all removals, in the order of positions."""
        ...

    def owners(self, faces: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Position -> (verification id, person) of the faces that are still there."""
        ...


class DuplicateIndex(Protocol):
    """Vectors by number; distances are lengths of chords. Not safe between threads."""

    def __len__(self) -> int: ...

    def add(self, numbers: Sequence[int], vectors: Vectors) -> None: ...

    def remove(self, numbers: Sequence[int]) -> None:
        """Unknown numbers are ignored."""
        ...

    def nearest(self, vector: Vectors, most: int) -> list[tuple[int, float]]:
        """(number, distance), nearest first; ``vector`` is one row."""
        ...
