"""Keeps slow eKYC calls from taking every worker thread that sign-in and tokens need."""

from __future__ import annotations

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import TypeVar

from idp.domain.errors import CheckRefused
from idp.domain.models import Profile
from idp.ports import CheckOutcome, FrameProgress, IdentityChecker, StartedCheck

T = TypeVar("T")


class BoundedChecker:
    """Implements ``ports.IdentityChecker`` around another. Too many calls at once: CheckRefused "busy"."""

    def __init__(self, inner: IdentityChecker, *, at_once: int = 12, patience: float = 2.0) -> None:
        """patience: seconds that a call waits for its turn."""
        self._inner = inner
        self._turn = BoundedSemaphore(at_once)
        self._patience = patience

    def start(self) -> StartedCheck:
        return self._run(self._inner.start)

    def add_document(self, check_id: str, side: str, image: bytes) -> None:
        self._run(lambda: self._inner.add_document(check_id, side, image))

    def add_frames(self, check_id: str, frames: list[tuple[int, bytes]]) -> FrameProgress:
        return self._run(lambda: self._inner.add_frames(check_id, frames))

    def restart_face(self, check_id: str) -> tuple[str, ...]:
        return self._run(lambda: self._inner.restart_face(check_id))

    def decide(self, check_id: str) -> CheckOutcome:
        return self._run(lambda: self._inner.decide(check_id))

    def discard(self, check_id: str, *, enrolled: bool = False) -> None:
        self._inner.discard(check_id, enrolled=enrolled)

    def person(self, number: str) -> Profile:
        return self._run(lambda: self._inner.person(number))

    def message(self, code: str, locale: str) -> str:
        return self._inner.message(code, locale)

    def _run(self, call: Callable[[], T]) -> T:
        if not self._turn.acquire(timeout=self._patience):
            raise CheckRefused("busy", "too many eKYC calls at once", status=503)
        try:
            return call()
        finally:
            self._turn.release()
