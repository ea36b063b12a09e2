"""What is kept of one verification, and the store the use cases need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from ekyc.chip.reading import ChipReading
from ekyc.liveness.progress import Progress
from ekyc.ports import Embedding
from ekyc.types import Side, SideReading

FaceKind = Literal["straight", "moving"]
CaptureKind = Literal["front", "back", "face"]


@dataclass(frozen=True, slots=True)
class FaceSample:
    """The embedding of one liveness frame: looking straight, or in the middle of a movement."""

    kind: FaceKind
    embedding: Embedding


@dataclass(frozen=True, slots=True)
class ChipState:
    """nonce: hexadecimal, what the chip has to sign; ``spent`` once a reading has used it.

    readings: how many there were. failures: codes of those that were refused. reading: the last good one.
    """

    nonce: str = ""
    spent: bool = False
    readings: int = 0
    failures: tuple[str, ...] = ()
    reading: ChipReading | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One verification. ``version`` rises with every change and guards against lost updates.

    attempts: challenges given so far. failures: error codes of attempts that were given up.
    photos: card photos received. outcome: what ``decide`` answered, as JSON, once it has.
    tenant: whose it is; "" for the operator.
    """

    id: str
    created_at: datetime
    progress: Progress
    version: int = 0
    attempts: int = 1
    failures: tuple[str, ...] = ()
    photos: int = 0
    sides: Mapping[Side, SideReading] = field(default_factory=dict)
    faces: tuple[FaceSample, ...] = ()
    chip: ChipState = field(default_factory=ChipState)
    outcome: dict[str, Any] | None = None
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """What is written in the transaction of a decision. message: for the tenant's webhooks."""

    at: datetime
    policy_version: str
    policy_settings: dict[str, Any]
    message: str


class Conflict(Exception):
    """Somebody else changed the record since it was loaded."""


class VerificationStore(Protocol):
    """Each method is one transaction."""

    def insert(self, record: Record) -> None: ...

    def load(self, record_id: str) -> Record | None: ...

    def owner(self, record_id: str) -> str | None:
        """The tenant of a verification, None when there is no such verification."""
        ...

    def save(
        self,
        before: Record,
        after: Record,
        *,
        captures: Mapping[CaptureKind, bytes] | None = None,
        drop_captures: bool = False,
        closing: Closing | None = None,
    ) -> Record:
        """Replace ``before`` by ``after`` and return it with its new version. Raises Conflict.

        captures: pictures to keep, replacing those of the same kind. drop_captures: delete all of them.
        """
        ...

    def policy(self, version: str) -> dict[str, Any] | None:
        """The settings of a policy that a decision was made under."""
        ...

    def captures(self, record_id: str) -> dict[CaptureKind, bytes]: ...

    def claim_frames(self, record_id: str, digests: Sequence[str], at: datetime) -> bool:
        """Note frames by SHA-256; False when one of them belongs to another verification."""
        ...

    def delete(self, record_id: str) -> bool:
        """Delete everything but the frame digests; False when there was nothing."""
        ...

    def note_failure(self, digest: str, at: datetime) -> None:
        """Remember one failed face step under a keyed hash of a personal number."""
        ...

    def failures_since(self, digest: str, since: datetime) -> int: ...

    def purge(
        self,
        now: datetime,
        *,
        undecided: datetime,
        decided: datetime,
        frames: datetime,
        failures: datetime,
        expired: Callable[[str], str],
    ) -> int:
        """Delete what was created before these moments; returns how many verifications went.

        expired: the message for the webhooks of an undecided one, by its id.
        """
        ...

    def ping(self) -> None:
        """Ask the database something; raises when it does not answer."""
        ...
