"""The steps of a verification that look at faces, as calls that may run in another process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ekyc.decision import FaceEvidence
from ekyc.liveness.progress import Progress
from ekyc.policy import LivenessPolicy
from ekyc.usecases.face_step import Timed
from ekyc.usecases.record import FaceSample, Record


@dataclass(frozen=True, slots=True)
class Judged:
    """What frames changed of a record.

    samples: to add. digests: of the frames with a face. portrait: the frame, by its place in the call,
    that is the best portrait, if any.
    """

    progress: Progress
    samples: tuple[FaceSample, ...]
    digests: tuple[str, ...]
    portrait: int | None


class FaceWork(Protocol):
    """Arguments and answers can be pickled; nothing is remembered between calls."""

    def judge(self, record: Record, frames: Sequence[Timed], now_ms: int, policy: LivenessPolicy) -> Judged:
        """Measure and judge frames, (milliseconds, JPEG) each. Raises EkycError as ``image.decode``."""
        ...

    def evidence(self, record: Record, card: bytes | None, registry: bytes | None) -> FaceEvidence:
        """The face step's samples against the portraits (JPEG) of card and registry."""
        ...

    def engine_name(self) -> str: ...
