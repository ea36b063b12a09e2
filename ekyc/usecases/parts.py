"""What every step of a verification works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from ekyc.duplicates.search import Duplicates
from ekyc.errors import EkycError
from ekyc.liveness.challenge import new_challenge
from ekyc.liveness.judge import start
from ekyc.liveness.progress import Progress
from ekyc.policy import Policy
from ekyc.ports import CardReader, ChipReader, Registry
from ekyc.types import DocumentReading, Side, SideReading
from ekyc.usecases.face_work import FaceWork
from ekyc.usecases.record import CaptureKind, Conflict, Record, VerificationStore

_VIETNAM = timezone(timedelta(hours=7))  # no daylight saving
TRIES = 5  # a change that keeps losing to other calls gives up as "busy"


@dataclass(frozen=True, slots=True)
class Parts:
    """key: of the hashes under which failures are counted by personal number."""

    store: VerificationStore
    registry: Registry
    faces: FaceWork
    reader: CardReader
    chips: ChipReader
    clock: Callable[[], datetime]
    key: bytes
    policy: Policy
    duplicates: Duplicates | None = None

    def now_ms(self) -> int:
        return round(self.clock().timestamp() * 1000)

    def new_progress(self, assisted_by: str = "") -> Progress:
        """A face step with a challenge of its own, as the policy wants it; assisted, with none."""
        policy = self.policy.liveness
        challenge = () if assisted_by else new_challenge(policy.actions, policy.actions_asked)
        return start(challenge, self.now_ms(), assisted_by)

    def today(self) -> date:
        """In Viet Nam."""
        return self.clock().astimezone(_VIETNAM).date()

    def fuse(self, sides: Mapping[Side, SideReading]) -> DocumentReading:
        """What the sides that are there say, contradictions included."""
        return self.reader.fuse(sides.get("front"), sides.get("back"), use_qr=True, today=self.today())

    def load(self, verification_id: str) -> Record:
        """Raises EkycError verification_not_found."""
        record = self.store.load(verification_id)
        if record is None:
            raise EkycError("verification_not_found")
        return record

    def load_open(self, verification_id: str) -> Record:
        """Raises EkycError verification_not_found, verification_closed."""
        record = self.load(verification_id)
        if record.outcome is not None:
            raise EkycError("verification_closed")
        return record

    def change(
        self,
        verification_id: str,
        change: Callable[[Record], Record],
        captures: Mapping[CaptureKind, bytes] | None = None,
    ) -> Record:
        """Load, change and save; again on the newer record when another call was faster."""
        for _ in range(TRIES):
            record = self.load_open(verification_id)
            try:
                return self.store.save(record, change(record), captures=captures)
            except Conflict:
                continue
        raise EkycError("busy", "concurrent calls on one verification")
