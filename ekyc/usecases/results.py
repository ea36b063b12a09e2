"""What the use cases answer: plain values, each with its JSON shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ekyc.chip.reading import Trust
from ekyc.liveness.challenge import Action
from ekyc.liveness.progress import Phase, Progress, State
from ekyc.registry.person import Person
from ekyc.registry.wire import person_to_json
from ekyc.types import Side, Verdict
from ekyc.usecases.record import Record


@dataclass(frozen=True, slots=True)
class Started:
    """A new verification (or a new challenge in one): its id and the actions in order.

    chip_nonce: hexadecimal, what the card's chip is to sign; None for a new challenge.
    """

    id: str
    challenge: tuple[Action, ...]
    chip_nonce: str | None = None

    def to_json(self) -> dict[str, Any]:
        nonce = {"chip_nonce": self.chip_nonce} if self.chip_nonce else {}
        return {"id": self.id, "challenge": list(self.challenge), **nonce}


@dataclass(frozen=True, slots=True)
class DocumentProgress:
    """What has been read of the card so far. fields: name -> value, source, confidence."""

    sides: tuple[Side, ...]
    complete: bool
    reading: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Details of the checks stay here: how far from what a check would take is nobody's business."""
        checks = [{"name": check["name"], "outcome": check["outcome"]} for check in self.reading["checks"]]
        return {"sides": list(self.sides), "complete": self.complete, **self.reading, "checks": checks}


@dataclass(frozen=True, slots=True)
class FaceProgress:
    """What the judge says next. hint: what to do now, or the error code once ``state`` is "failed"."""

    state: State
    phase: Phase
    step: int
    action: Action | None
    hint: str
    code: str | None

    @classmethod
    def of(cls, progress: Progress) -> FaceProgress:
        hint = progress.code or progress.hint
        return cls(progress.state, progress.phase, progress.step, progress.action, hint, progress.code)

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision with what was read. person: the registry's record, for accept and review only."""

    id: str
    verdict: Verdict
    level: int
    reasons: tuple[str, ...]
    fields: dict[str, Any]
    checks: tuple[dict[str, str], ...]
    evidence: dict[str, Any]
    person: Person | None

    def to_json(self) -> dict[str, Any]:
        """The public shape: names and outcomes of the checks; their details and the evidence stay here.

        A rejection shows no checks and a review those that passed: the others would tell a stranger what the
        registry knows, and a forger what to mend.
        """
        shown = {"accept": ("pass", "fail", "unavailable"), "review": ("pass",), "reject": ()}[self.verdict]
        checks = [check for check in self.checks if check["outcome"] in shown]
        return {
            "id": self.id,
            "verdict": self.verdict,
            "level": self.level,
            "reasons": list(self.reasons),
            "checks": [{"name": check["name"], "outcome": check["outcome"]} for check in checks],
            "fields": self.fields,
            "person": person_to_json(self.person) if self.person else None,
        }


@dataclass(frozen=True, slots=True)
class Status:
    """Which parts of a verification are there."""

    id: str
    state: Literal["open", "decided"]
    sides: tuple[Side, ...]
    face: FaceProgress
    attempts_left: int
    verdict: Verdict | None
    chip: Trust | None

    @classmethod
    def of(cls, record: Record, most_attempts: int) -> Status:
        chip = record.chip.reading
        return cls(
            record.id,
            "decided" if record.outcome else "open",
            tuple(record.sides),
            FaceProgress.of(record.progress),
            most_attempts - record.attempts,
            record.outcome["verdict"] if record.outcome else None,
            chip.trust if chip else None,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "state": self.state,
            "sides": list(self.sides),
            "face": self.face.to_json(),
            "attempts_left": self.attempts_left,
            "verdict": self.verdict,
            "chip": self.chip,
        }
