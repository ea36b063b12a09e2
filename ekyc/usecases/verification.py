"""The verbs of a verification: start, add a document, add frames, decide, forget."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from ekyc.chip.files import Files, require_files
from ekyc.chip.reading import ChipReading
from ekyc.decision import decide
from ekyc.errors import EkycError
from ekyc.liveness.challenge import new_challenge
from ekyc.liveness.judge import fail, start
from ekyc.policy import Policy
from ekyc.ports import CardReader, ChipReader, Registry
from ekyc.registry.person import Person
from ekyc.types import Decision, DocumentReading, Side, SideReading
from ekyc.usecases.card_rules import require_usable
from ekyc.usecases.chip_step import (
    new_nonce,
    require_same_card,
    spend_nonce,
    with_failure,
    with_nonce,
    with_reading,
)
from ekyc.usecases.evidence import CALLER, PURPOSE, gather
from ekyc.usecases.face_step import take_in
from ekyc.usecases.face_work import FaceWork, Judged
from ekyc.usecases.record import CaptureKind, ChipState, Conflict, Record, VerificationStore
from ekyc.usecases.results import DocumentProgress, FaceProgress, Outcome, Started, Status

_VIETNAM = timezone(timedelta(hours=7))  # no daylight saving
_TRIES = 5  # a change that keeps losing to other calls gives up as "busy"
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
    ) -> None:
        """key: of the hashes under which failures are counted by personal number."""
        self._store = store
        self._registry = registry
        self._faces = faces
        self._reader = reader
        self._clock = clock
        self._key = key
        self._chips = chips
        self.policy = policy or Policy()

    def start(self, tenant: str = "") -> Started:
        """Begin a verification; what has been kept long enough goes at the same time."""
        self.purge()
        challenge, now = new_challenge(), self._clock()
        chip = ChipState(nonce=new_nonce())
        record = Record(
            f"ver_{secrets.token_urlsafe(20)}", now, start(challenge, _ms(now)), chip=chip, tenant=tenant
        )
        self._store.insert(record)
        return Started(record.id, challenge, chip.nonce)

    def require_owner(self, verification_id: str, tenant: str) -> None:
        """Another tenant's verification is as unknown as none at all. Raises verification_not_found."""
        if self._store.owner(verification_id) != tenant:
            raise EkycError("verification_not_found")

    def add_document(self, verification_id: str, side: Side, image: bytes) -> DocumentProgress:
        """Read one side; with both there, cross-check them. A refused photo replaces nothing.

        Raises EkycError: image_*, card_*, verification_closed.
        """
        record = self._change(verification_id, self._count_photo)
        reading = self._read(record, side, image)

        def put(now: Record) -> Record:
            sides: dict[Side, SideReading] = {**now.sides, side: reading}
            self._fuse(sides)
            return replace(now, sides=sides)

        record = self._change(verification_id, put, captures={side: image})
        fused = self._fuse(record.sides)
        return DocumentProgress(tuple(record.sides), len(record.sides) == 2, fused.as_json())

    def chip_nonce(self, verification_id: str) -> str:
        """A new nonce (hexadecimal) for another reading of the chip. Raises EkycError chip_nonce_used."""
        return self._change(verification_id, lambda r: with_nonce(r, self.policy.chip)).chip.nonce

    def add_chip(self, verification_id: str, files: Files, answer: bytes) -> ChipReading:
        """Check what a phone read from the chip. answer: what the chip signed of the nonce, b"" for nothing.

        The nonce is void afterwards, whatever came out. Raises EkycError: chip_*, verification_closed.
        """
        require_files(files, answer)
        spent = self._change(verification_id, spend_nonce)
        nonce = bytes.fromhex(spent.chip.nonce)

        def put(now: Record) -> Record:
            if len(now.sides) == 2:
                require_same_card(reading, self._fuse(now.sides))
            return with_reading(now, reading)

        try:
            reading = self._chips.read(files, nonce=nonce, answer=answer, now=self._clock())
            self._change(verification_id, put)
        except EkycError as error:
            code = error.code
            self._change(verification_id, lambda r: with_failure(r, code))
            raise
        return reading

    def add_frames(self, verification_id: str, frames: Sequence[tuple[int, bytes]]) -> FaceProgress:
        """Judge camera frames, (milliseconds, JPEG) each, in order. A failed challenge stays failed.

        Every frame counts, judged or not. Raises EkycError: usage, image_*, verification_closed.
        """
        now, policy = self._clock(), self.policy.liveness
        record = self._change(verification_id, lambda r: take_in(r, frames, _ms(now), policy))
        if record.progress.state != "continue":
            return FaceProgress.of(record.progress)
        judged = self._faces.judge(record, frames, _ms(now), policy)
        fresh = self._store.claim_frames(verification_id, judged.digests, now)
        for _ in range(_TRIES):
            after, captures = _judged(record, judged, frames) if fresh else (_reused(record), {})
            try:
                saved = self._store.save(record, after, captures=captures)
            except Conflict:
                record = self._open(verification_id)
                if record.progress.state != "continue":
                    return FaceProgress.of(record.progress)
                judged = self._faces.judge(record, frames, _ms(now), policy)
                continue
            if saved.progress.state == "failed":
                self._note_failure(saved.sides)
            return FaceProgress.of(saved.progress)
        raise EkycError("busy", "concurrent calls on one verification")

    def restart_face(self, verification_id: str) -> Started:
        """A new challenge. Raises EkycError verification_closed when passed already or tried too often."""

        def renew(record: Record) -> Record:
            old = record.progress
            if old.state == "done" or record.attempts >= self.policy.liveness.max_attempts:
                raise EkycError("verification_closed", f"{record.attempts} attempts")
            failures = (*record.failures, old.code) if old.code else record.failures
            progress = start(new_challenge(), _ms(self._clock()))
            return replace(
                record, progress=progress, attempts=record.attempts + 1, failures=failures, faces=()
            )

        record = self._change(verification_id, renew)
        return Started(record.id, record.progress.challenge)

    def decide(self, verification_id: str) -> Outcome:
        """Decide once; asked again, the same answer. Pictures and templates go unless an officer looks.

        Raises EkycError: verification_incomplete, registry_unavailable.
        """
        record = self._load(verification_id)
        if record.outcome is None:
            self._require_complete(record)
            reading = self._fuse(record.sides)
            evidence = gather(record, reading, self._registry, self._faces, self._today())
            evidence = replace(evidence, recent_failures=self._recent_failures(record.sides))
            decision = decide(evidence, self.policy)
            if "face_mismatch" in decision.reasons:
                self._note_failure(record.sides)
            record = self._close(record, decision, evidence.document)
        return self._outcome(record)

    def get(self, verification_id: str) -> Status:
        """Which parts are there."""
        record = self._load(verification_id)
        left = self.policy.liveness.max_attempts - record.attempts
        return Status(
            record.id,
            "decided" if record.outcome else "open",
            tuple(record.sides),
            FaceProgress.of(record.progress),
            left,
            record.outcome["verdict"] if record.outcome else None,
            record.chip.reading.trust if record.chip.reading else None,
        )

    def delete(self, verification_id: str) -> None:
        """Delete the verification with its pictures and templates at once."""
        if not self._store.delete(verification_id):
            raise EkycError("verification_not_found")

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
        now, kept = self._clock(), self.policy.retention
        self._store.purge(
            undecided=now - kept.open_verification,
            decided=now - kept.review,
            frames=now - kept.frame_hashes,
            failures=now - kept.failures,
        )

    def ping(self) -> None:
        """Raises when the database does not answer."""
        self._store.ping()

    def _load(self, verification_id: str) -> Record:
        record = self._store.load(verification_id)
        if record is None:
            raise EkycError("verification_not_found")
        return record

    def _open(self, verification_id: str) -> Record:
        record = self._load(verification_id)
        if record.outcome is not None:
            raise EkycError("verification_closed")
        return record

    def _change(
        self,
        verification_id: str,
        change: Callable[[Record], Record],
        captures: Mapping[CaptureKind, bytes] | None = None,
    ) -> Record:
        """Load, change and save; again on the newer record when another call was faster."""
        for _ in range(_TRIES):
            record = self._open(verification_id)
            try:
                return self._store.save(record, change(record), captures=captures)
            except Conflict:
                continue
        raise EkycError("busy", "concurrent calls on one verification")

    def _count_photo(self, record: Record) -> Record:
        if record.photos >= self.policy.max_photos:
            raise EkycError("verification_closed", "too many photos")
        return replace(record, photos=record.photos + 1)

    def _read(self, record: Record, side: Side, image: bytes) -> SideReading:
        try:
            return self._reader.read_side(image, side)
        except EkycError as error:
            other: Side = "back" if side == "front" else "front"
            if error.code == "card_wrong_side" and other in record.sides:
                raise EkycError("card_same_side_twice") from error
            raise

    def _fuse(self, sides: Mapping[Side, SideReading]) -> DocumentReading:
        reading = self._reader.fuse(sides.get("front"), sides.get("back"), use_qr=True, today=self._today())
        if len(sides) == 2:
            require_usable(reading)
        return reading

    def _note_failure(self, sides: Mapping[Side, SideReading]) -> None:
        """Remember that a face step failed for the number on the card, where a card was shown."""
        digest = self._number_digest(sides)
        if digest:
            self._store.note_failure(digest, self._clock())

    def _recent_failures(self, sides: Mapping[Side, SideReading]) -> int:
        """How many of these there were lately, in whatever verification."""
        digest = self._number_digest(sides)
        since = self._clock() - self.policy.retention.failures
        return self._store.failures_since(digest, since) if digest else 0

    def _number_digest(self, sides: Mapping[Side, SideReading]) -> str | None:
        if not sides:
            return None
        reading = self._reader.fuse(sides.get("front"), sides.get("back"), use_qr=True, today=self._today())
        number = reading.fields["number"].value
        return hmac.new(self._key, number.encode(), hashlib.sha256).hexdigest() if number else None

    def _today(self) -> date:
        return self._clock().astimezone(_VIETNAM).date()

    def _require_complete(self, record: Record) -> None:
        used_up = record.attempts >= self.policy.liveness.max_attempts
        judged = record.progress.state == "done" or (record.progress.state == "failed" and used_up)
        if len(record.sides) < 2 or not judged:
            raise EkycError("verification_incomplete")

    def _close(self, record: Record, decision: Decision, reading: DocumentReading) -> Record:
        outcome = _as_json(decision, reading)
        looked_at = decision.verdict == "review"
        after = replace(record, outcome=outcome)
        if not looked_at:
            after = replace(after, sides={}, faces=(), chip=ChipState())
        try:
            return self._store.save(record, after, drop_captures=not looked_at)
        except Conflict:
            newer = self._load(record.id)
            if newer.outcome is None:
                raise EkycError("busy", "changed while it was decided") from None
            return newer  # two decisions at once: the first one stands

    def _outcome(self, record: Record) -> Outcome:
        stored = record.outcome
        assert stored is not None
        person = None
        if stored["verdict"] != "reject":
            number = stored["fields"]["number"]["value"]
            person = self._registry.lookup(number, caller=CALLER, purpose=PURPOSE)
        return Outcome(
            record.id,
            stored["verdict"],
            stored["level"],
            tuple(stored["reasons"]),
            stored["fields"],
            tuple(stored["checks"]),
            stored["evidence"],
            person,
        )


def _reused(record: Record) -> Record:
    return replace(record, progress=fail(record.progress, "liveness_frames_reused"))


def _judged(
    record: Record, judged: Judged, frames: Sequence[tuple[int, bytes]]
) -> tuple[Record, dict[CaptureKind, bytes]]:
    faces = (*record.faces, *judged.samples) if judged.samples else record.faces
    captures: dict[CaptureKind, bytes] = {}
    if judged.portrait is not None:
        captures["face"] = frames[judged.portrait][1]
    return replace(record, progress=judged.progress, faces=faces), captures


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _as_json(decision: Decision, reading: DocumentReading) -> dict[str, Any]:
    """What stays of a decision; of a rejection nothing that was read."""
    fields = reading.as_json() if decision.verdict != "reject" else {}
    fields.pop("checks", None)
    return {
        "verdict": decision.verdict,
        "level": decision.level,
        "reasons": list(decision.reasons),
        "fields": fields,
        "checks": [{"name": c.name, "outcome": c.outcome, "detail": c.detail} for c in decision.checks],
        "evidence": decision.evidence,
    }
