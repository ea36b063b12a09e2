"""The eKYC engine as the use cases see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from idp.domain.models import Profile


@dataclass(frozen=True, slots=True)
class StartedCheck:
    check_id: str
    challenge: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrameProgress:
    """What the face step says next; ``code`` is a message code of the engine."""

    state: Literal["continue", "done", "failed"]
    phase: str
    step: int
    action: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """The engine's decision; ``profile`` is the registry's record unless rejected before the look-up."""

    verdict: Literal["accept", "review", "reject"]
    level: int
    reasons: tuple[str, ...]
    profile: Profile | None
    record: dict[str, Any]


class IdentityChecker(Protocol):
    """The eKYC engine: the one port between ``idp`` and ``ekyc``. Refusals raise CheckRefused."""

    def start(self) -> StartedCheck: ...
    def add_document(self, check_id: str, side: str, image: bytes) -> None: ...
    def add_frames(self, check_id: str, frames: list[tuple[int, bytes]]) -> FrameProgress:
        """frames: (milliseconds since the start, JPEG) in order."""
        ...

    def restart_face(self, check_id: str) -> tuple[str, ...]:
        """A new challenge after a failed one."""
        ...

    def decide(self, check_id: str) -> CheckOutcome: ...
    def discard(self, check_id: str, *, enrolled: bool = False) -> None:
        """Done with it. enrolled: it has become an account, whose face is searched when others enrol."""
        ...

    def person(self, number: str) -> Profile:
        """The registry's record, for officer-assisted enrolment."""
        ...

    def message(self, code: str, locale: str) -> str: ...
