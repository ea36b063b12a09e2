"""The face steps on an engine of this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ekyc.decision import FaceEvidence
from ekyc.policy import LivenessPolicy
from ekyc.ports import FaceEngine
from ekyc.usecases.evidence import face_evidence
from ekyc.usecases.face_step import Timed, judge, observe_new
from ekyc.usecases.face_work import Judged
from ekyc.usecases.record import Record


class FacesHere:
    """Implements ``FaceWork`` with an engine of this process; it loads at the first call."""

    def __init__(self, engine: Callable[[], FaceEngine]) -> None:
        self._engine = engine

    def judge(self, record: Record, frames: Sequence[Timed], now_ms: int, policy: LivenessPolicy) -> Judged:
        engine = self._engine()
        seen = observe_new(record.progress, frames, now_ms, engine)
        after, best = judge(record, [frame for frame, _ in seen], engine, policy)
        digests = tuple(frame.observation.sha256 for frame, _ in seen if frame.face is not None)
        portrait = None if best is None else [data for _, data in frames].index(seen[best][1])
        return Judged(after.progress, after.faces[len(record.faces) :], digests, portrait)

    def evidence(self, record: Record, card: bytes | None, registry: bytes | None) -> FaceEvidence:
        return face_evidence(record, card, registry, self._engine())

    def engine_name(self) -> str:
        return self._engine().name
