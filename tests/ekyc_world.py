"""One installation of the engine for a test: registry, store, real readers; the clock stands still."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from ekyc.chip.verifier import ChipVerifier
from ekyc.document.card_reader import DocumentReader
from ekyc.duplicates.seal import Seal
from ekyc.duplicates.search import Duplicates
from ekyc.face.calibration import DEFAULT_ENGINE, shipped_calibration
from ekyc.face.dlib_engine import dlib_engine
from ekyc.policy import Policy
from ekyc.registry.embedded import open_registry
from ekyc.registry.person import Person
from ekyc.specimen.photograph import photograph
from ekyc.specimen.printer import print_card
from ekyc.store.engine import open_engine
from ekyc.store.faces import SqlFaceStore
from ekyc.store.verifications import SqlVerificationStore
from ekyc.types import DocumentReading, Side, SideReading
from ekyc.usecases.results import FaceProgress
from ekyc.usecases.verification import Verifications
from ekyc.workers.faces import FacesHere
from tests.ekyc_samples import STEP_MS, batches, quick_answer, timed


@cache
def card_photos(person: Person) -> dict[Side, bytes]:
    """Easy phone photos of both sides of this person's card."""
    printed = print_card(person)
    return {"front": photograph(printed.front, "easy", 7), "back": photograph(printed.back, "easy", 8)}


@cache
def _read_side(image: bytes, expected: Side | None) -> SideReading:
    return DocumentReader().read_side(image, expected)


class RememberingReader(DocumentReader):
    """The real reader; a photo that several tests use is read once."""

    def read_side(self, image: bytes, expected: Side | None) -> SideReading:
        return _read_side(image, expected)

    def fuse(
        self, front: SideReading | None, back: SideReading | None, *, use_qr: bool, today: date
    ) -> DocumentReading:
        return super().fuse(front, back, use_qr=use_qr, today=today)


class World:
    """``verifications`` on databases of its own; ``now`` may be moved."""

    def __init__(
        self,
        data: Path,
        database_url: str | None = None,
        policy: Policy | None = None,
        csca: Path | None = None,
    ) -> None:
        self.now = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
        self.registry = open_registry(data)
        self.registry.seed(20, 1)
        url = database_url or f"sqlite:///{data / 'ekyc.db'}"
        self.store = SqlVerificationStore(open_engine(url))
        faces = SqlFaceStore(open_engine(url))
        self.duplicates = Duplicates(faces, Seal(b"key"), shipped_calibration(DEFAULT_ENGINE))
        self.verifications = Verifications(
            self.store,
            self.registry,
            FacesHere(dlib_engine),
            RememberingReader(),
            lambda: self.now,
            b"key",
            policy,
            chips=ChipVerifier(csca, (policy or Policy()).chip),
            duplicates=self.duplicates,
        )

    def close(self) -> None:
        self.registry.close()
        self.store.close()

    def pass_time(self, **amount: float) -> None:
        self.now += timedelta(**amount)

    def person(self, sample: str) -> Person:
        """The registry's record of a sample citizen, portrait included."""
        return self.registry.person(self.registry.sample_numbers()[sample])

    def change(self, sample: str, **values: object) -> Person:
        """Change a sample citizen's record in the registry; the citizen keeps the old card."""
        before = self.person(sample)
        self.registry.update(replace(before, **values))  # type: ignore[arg-type]
        return before

    def with_card(self, person: Person) -> str:
        """Id of a verification that has both sides of this card."""
        started = self.verifications.start()
        for side, photo in card_photos(person).items():
            self.verifications.add_document(started.id, side, photo)
        return started.id

    def show_face(self, verification_id: str, sample: str) -> FaceProgress:
        """The citizen answers the present challenge well."""
        record = self.store.load(verification_id)
        assert record is not None
        return self.send(verification_id, quick_answer(sample, record.progress.challenge))

    def send(self, verification_id: str, frames: list[bytes], start_ms: int = 0) -> FaceProgress:
        """Send frames as a page does, in batches and as time passes, until the judge has ended."""
        for batch in batches(timed(frames, start_ms)):
            self.pass_time(milliseconds=STEP_MS * 4)
            progress = self.verifications.add_frames(verification_id, batch)
            if progress.state != "continue":
                break
        return progress
