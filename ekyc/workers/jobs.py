"""Everything that costs processor time, by name. Arguments and answers can be pickled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ekyc.document.card_reader import DocumentReader
from ekyc.face.engines import face_engine
from ekyc.face.match import match
from ekyc.ports import CardReader, FaceEngine
from ekyc.settings import FaceModel
from ekyc.types import FaceMatch
from ekyc.workers.faces import FacesHere
from ekyc.workers.warm import warm


class Jobs:
    """The jobs on one reader and one face engine."""

    def __init__(self, reader: CardReader, engine: Callable[[], FaceEngine]) -> None:
        self._reader = reader
        self._engine = engine
        faces = FacesHere(engine)
        self._by_name: Mapping[str, Callable[..., Any]] = {
            "read_side": reader.read_side,
            "judge": faces.judge,
            "evidence": faces.evidence,
            "engine_name": faces.engine_name,
            "match": self._match,
        }

    def run(self, job: str, *args: Any) -> Any:
        return self._by_name[job](*args)

    def warm(self) -> None:
        """Load every model, so that the first citizen does not wait."""
        warm(self._reader, self._engine)

    def _match(self, a: bytes, b: bytes) -> FaceMatch:
        return match(a, b, self._engine())


def build_jobs(face_model: FaceModel | None = None) -> Jobs:
    """What a worker process does: the reader of this package, and dlib or the operator's face model."""
    return Jobs(DocumentReader(), partial(face_engine, face_model))
