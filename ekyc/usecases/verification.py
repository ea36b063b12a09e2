"""The verbs of a verification: start, add a document, add frames, decide, forget."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from ekyc.chip.files import Files
from ekyc.chip.reading import ChipReading
from ekyc.duplicates.search import Duplicates
from ekyc.errors import EkycError
from ekyc.policy import Policy
from ekyc.ports import CardReader, ChipReader, Registry
from ekyc.registry.person import Person
from ekyc.types import Side
from ekyc.usecases.add_chip import add_chip
from ekyc.usecases.add_document import add_document
from ekyc.usecases.add_frames import add_frames, restart_face
from ekyc.usecases.chip_step import new_nonce, with_nonce
from ekyc.usecases.conclude import conclude
from ekyc.usecases.evidence import CALLER
from ekyc.usecases.face_work import FaceWork
from ekyc.usecases.parts import Parts
from ekyc.usecases.record import ChipState, Record, VerificationStore
from ekyc.usecases.results import DocumentProgress, FaceProgress, Outcome, Started, Status
from ekyc.webhooks.message import expired

_OFFICER = "officer-assisted enrolment"


class Verifications:
    """Everything a caller can do with verifications. Thread-safe; pixels are read outside transactions.

    Every method that takes ``verification_id`` raises EkycError verification_not_found.
    """

    def __init__(
        self,
        store: VerificationStore,
        registry: Registry,
        faces: FaceWork,
        reader: CardReader,
        clock: Callable[[], datetime],
        key: bytes,
        policy: Policy | None = None,
        *,
        chips: ChipReader,
        duplicates: Duplicates | None = None,
    ) -> None:
        """key: of the hashes under which failures are counted by personal number."""
        self.policy = policy or Policy()
        self._store = store
        self._registry = registry
        self._parts = Parts(store, registry, faces, reader, chips, clock, key, self.policy, duplicates)
        self._duplicates = duplicates

    def start(self, tenant: str = "", assisted_by: str = "") -> Started:
        """Begin a verification; what has been kept long enough goes at the same time.

        assisted_by: the officer who stands beside a person that cannot turn, nod or blink. Nothing is asked
        but to look straight, the officer is kept with the decision, and it is a review at best.
        """
        self.purge()
        progress, chip = self._parts.new_progress(assisted_by), ChipState(nonce=new_nonce())
        new_id = f"ver_{secrets.token_urlsafe(20)}"
        record = Record(new_id, self._parts.clock(), progress, chip=chip, tenant=tenant)
        self._store.insert(record)
        return Started(record.id, progress.challenge, chip.nonce)

    def require_owner(self, verification_id: str, tenant: str) -> None:
        """Another tenant's verification is as unknown as none at all. Raises verification_not_found."""
        if self._store.owner(verification_id) != tenant:
            raise EkycError("verification_not_found")

    def add_document(self, verification_id: str, side: Side, image: bytes) -> DocumentProgress:
        """Read one side; with both there, cross-check them. A refused photo replaces nothing.

        Raises EkycError: image_*, card_*, verification_closed.
        """
        return add_document(self._parts, verification_id, side, image)

    def chip_nonce(self, verification_id: str) -> str:
        """A new nonce (hexadecimal) for another reading of the chip. Raises EkycError chip_nonce_used."""
        changed = self._parts.change(verification_id, lambda record: with_nonce(record, self.policy.chip))
        return changed.chip.nonce

    def add_chip(self, verification_id: str, files: Files, answer: bytes) -> ChipReading:
        """Check what a phone read from the chip. answer: what the chip signed of the nonce, b"" for nothing.

        The nonce is void afterwards, whatever came out. Raises EkycError: chip_*, verification_closed.
        """
        return add_chip(self._parts, verification_id, files, answer)

    def add_frames(self, verification_id: str, frames: Sequence[tuple[int, bytes]]) -> FaceProgress:
        """Judge camera frames, (milliseconds, JPEG) each, in order. A failed challenge stays failed.

        Every frame counts, judged or not. Raises EkycError: usage, image_*, verification_closed.
        """
        return add_frames(self._parts, verification_id, frames)

    def restart_face(self, verification_id: str) -> Started:
        """A new challenge. Raises EkycError verification_closed when passed already or tried too often."""
        return restart_face(self._parts, verification_id)

    def decide(self, verification_id: str) -> Outcome:
        """Decide once; asked again, the same answer. Pictures and templates go unless an officer looks.

        Raises EkycError: verification_incomplete, registry_unavailable.
        """
        return conclude(self._parts, verification_id)

    def get(self, verification_id: str) -> Status:
        """Which parts are there."""
        return Status.of(self._parts.load(verification_id), self.policy.liveness.max_attempts)

    def delete(self, verification_id: str, *, enrolled: bool = False) -> None:
        """Delete the verification with its pictures and templates at once.

        enrolled: it has become an account. Then, and only then, an encrypted template stays for the search
        for duplicates, in the place of an older one of the same person, until ``forget``.
        """
        if self._duplicates is not None:
            (self._duplicates.keep if enrolled else self._duplicates.remove)(verification_id)
        if not self._store.delete(verification_id):
            raise EkycError("verification_not_found")

    def forget(self, number: str) -> None:
        """The account under this personal number is gone: so are its face templates."""
        if self._duplicates is not None:
            self._duplicates.forget(number)

    def person_for_officer(self, number: str) -> Person:
        """The registry's record, where an officer compared face and card in presence.

        Raises EkycError: number_invalid, number_unknown, person_deceased, registry_unavailable.
        """
        person = self._registry.lookup(number, caller=CALLER, purpose=_OFFICER)
        if person.life_status == "deceased":
            raise EkycError("person_deceased")
        return person

    def match_for_officer(self, number: str, given: dict[str, str]) -> dict[str, bool]:
        """Do these fields equal the registry's? See ``ports.Registry.match``."""
        return self._registry.match(number, given, caller=CALLER, purpose=_OFFICER)

    def purge(self) -> None:
        """Delete what has been kept long enough (``policy.retention``)."""
        now, kept = self._parts.clock(), self.policy.retention
        self._store.purge(
            now,
            undecided=now - kept.open_verification,
            decided=now - kept.review,
            frames=now - kept.frame_hashes,
            failures=now - kept.failures,
            expired=lambda verification_id: expired(verification_id, now),
        )

    def ping(self) -> None:
        """Raises when the database does not answer."""
        self._store.ping()
