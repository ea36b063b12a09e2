"""Pictures on their way in pieces, and answers that are kept in case they are lost."""

from __future__ import annotations

from typing import Any, Protocol

from idp.domain.upload import Upload


class Uploads(Protocol):
    def add(self, upload: Upload) -> None: ...
    def get(self, upload_id: str, now: int) -> Upload | None: ...
    def of(self, enrolment_id: str, now: int) -> Upload | None:
        """The newest of an enrolment."""
        ...

    def append(self, upload: Upload, data: bytes, expires_at: int) -> bool:
        """Adds ``data`` where ``upload`` ends; False when another piece was first."""
        ...

    def content(self, upload: Upload) -> bytes: ...
    def remove_of(self, enrolment_id: str) -> None:
        """With every piece."""
        ...

    def total(self, now: int) -> int:
        """Bytes kept of all uploads."""
        ...


class Answers(Protocol):
    """What a call was answered, by the caller's own key, so that asking again does nothing twice."""

    def claim(self, key: str, now: int, *, lease: int, expires_at: int) -> bool:
        """True for the one caller that works on it; again after ``lease`` seconds without an answer."""
        ...

    def get(self, key: str) -> dict[str, Any] | None: ...
    def keep(self, key: str, answer: dict[str, Any]) -> None: ...
    def release(self, key: str) -> None:
        """Nothing came of it: another call may try."""
        ...
