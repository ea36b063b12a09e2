"""Enrols a face and looks whether somebody else's is as near.

The index lives in this process; before each search it takes in what was added or removed in the store since,
by whatever process. There is no file to be lost: it is filled from the store at the first search.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from ekyc.duplicates.flat_index import FlatIndex
from ekyc.duplicates.ports import Change, DuplicateIndex, EnrolledFace, FaceStore, Vectors
from ekyc.duplicates.seal import Seal
from ekyc.face.calibration import TEMPLATE, Calibration
from ekyc.ports import Embedding

_LOG = logging.getLogger(__name__)
_BATCH = 20_000  # rows read at a time
_MOST = 10  # candidates kept as evidence


@dataclass(frozen=True, slots=True)
class Candidate:
    """A face that was enrolled under another number."""

    verification_id: str
    distance: float

    def to_json(self) -> dict[str, Any]:
        return {"verification": self.verification_id, "distance": round(self.distance, 4)}


class Duplicates:
    """Thread-safe."""

    def __init__(self, store: FaceStore, seal: Seal, calibration: Calibration) -> None:
        self._store = store
        self._seal = seal
        self._calibration = calibration
        self._index: DuplicateIndex | None = None
        self._position = 0
        self._lock = threading.Lock()

    def enrol(self, verification_id: str, number: str, template: Embedding, now: datetime) -> None:
        """First this, then ``search``: of two at the same time at least one sees the other."""
        sealed = self._seal.close(template.astype(np.float32), verification_id, self._calibration.engine)
        person, engine = self._seal.person(number), self._calibration.engine
        self._store.add(EnrolledFace(verification_id, person, engine, sealed, now))

    def search(self, number: str, template: Embedding, rate: float, most_rate: float) -> list[Candidate]:
        """Other people's faces that are too near, nearest first.

        rate: share of honest newcomers who may have any candidate, however many are enrolled.
        most_rate: of strangers within the limit, where few are enrolled.
        """
        with self._lock:
            self._catch_up(template.size)
            assert self._index is not None
            limit = self.limit(rate, most_rate, len(self._index))
            near = self._index.nearest(template.astype(np.float32), 2 * _MOST) if len(self._index) else []
        near = [(face, distance) for face, distance in near if distance <= limit]
        person, owners = self._seal.person(number), self._store.owners([face for face, _ in near])
        found = [(owners[face], distance) for face, distance in near if face in owners]
        return [Candidate(who, distance) for (who, owner), distance in found if owner != person][:_MOST]

    def limit(self, rate: float, most_rate: float, enrolled: int) -> float:
        """The distance at which ``rate`` is shared out among everybody enrolled."""
        return self._calibration.distance(TEMPLATE, min(most_rate, rate / max(enrolled, 1)))

    def keep(self, verification_id: str) -> None:
        """See ``ports.FaceStore``, as the next three."""
        self._store.keep(verification_id)

    def remove(self, verification_id: str) -> None:
        self._store.remove(verification_id)

    def forget(self, number: str) -> None:
        self._store.forget(self._seal.person(number))

    def purge(self, before: datetime) -> None:
        self._store.purge(before)

    def _catch_up(self, values: int) -> None:
        if self._index is None:
            self._index = FlatIndex(values)
        while changes := self._store.changes(self._position, self._calibration.engine, _BATCH):
            self._take_in(self._index, changes)
            self._position = changes[-1].position

    def _take_in(self, index: DuplicateIndex, changes: list[Change]) -> None:
        gone = {change.face for change in changes if change.template is None}
        rows = {c.face: self._open(c) for c in changes if c.template is not None and c.face not in gone}
        opened = {face: row for face, row in rows.items() if row is not None}
        index.remove(list(gone))
        if opened:
            index.add(list(opened), np.stack(list(opened.values())))

    def _open(self, change: Change) -> Vectors | None:
        assert change.template is not None
        row = self._seal.open(change.template, change.verification_id, self._calibration.engine)
        if row is None:
            _LOG.error("enrolled face %d cannot be decrypted and is not searched", change.face)
        return row
