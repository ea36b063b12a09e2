"""The ports of the use cases, each call one job of a runner: a pool here, a task queue at scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from ekyc.decision import FaceEvidence
from ekyc.document.card_reader import DocumentReader
from ekyc.policy import LivenessPolicy
from ekyc.ports import Runner
from ekyc.types import DocumentReading, FaceMatch, Side, SideReading
from ekyc.usecases.face_step import Timed
from ekyc.usecases.face_work import Judged
from ekyc.usecases.record import Record


class RunnerReader:
    """Implements ``ports.CardReader``. Fusing is cheap and stays here."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._here = DocumentReader()

    def read_side(self, image: bytes, expected: Side | None) -> SideReading:
        reading: SideReading = self._runner.run("read_side", image, expected)
        return reading

    def fuse(
        self, front: SideReading | None, back: SideReading | None, *, use_qr: bool, today: date
    ) -> DocumentReading:
        return self._here.fuse(front, back, use_qr=use_qr, today=today)


class RunnerFaces:
    """Implements ``usecases.face_work.FaceWork``."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def judge(self, record: Record, frames: Sequence[Timed], now_ms: int, policy: LivenessPolicy) -> Judged:
        judged: Judged = self._runner.run("judge", replace(record, sides={}), frames, now_ms, policy)
        return judged

    def evidence(self, record: Record, card: bytes | None, registry: bytes | None) -> FaceEvidence:
        slim = replace(record, sides={})  # the card's portrait is an argument of its own
        evidence: FaceEvidence = self._runner.run("evidence", slim, card, registry)
        return evidence

    def engine_name(self) -> str:
        return self._name

    @cached_property
    def _name(self) -> str:
        name: str = self._runner.run("engine_name")
        return name


def match_photos(runner: Runner, a: bytes, b: bytes) -> FaceMatch:
    """See ``face.match.match``."""
    found: FaceMatch = runner.run("match", a, b)
    return found
