"""What the use cases need from outside, owned here and wired in ``app.py``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ekyc.chip.files import Files
from ekyc.chip.reading import ChipReading
from ekyc.face.calibration import Calibration
from ekyc.registry.person import Person
from ekyc.types import DocumentReading, Side, SideReading

Image = NDArray[np.uint8]  # H x W x 3, RGB
Embedding = NDArray[np.float64]  # length 1; 128 values for dlib


@dataclass(frozen=True, slots=True)
class Face:
    """One detected face: box in pixels, 68 landmarks as (68, 2) float array in pixels."""

    left: int
    top: int
    right: int
    bottom: int
    landmarks: NDArray[np.float64]

    @property
    def height(self) -> int:
        return self.bottom - self.top


class FaceEngine(Protocol):
    """detect -> align -> embed -> distance. Models load once per process.

    What a distance is worth is in the engine's calibration alone.
    """

    name: str
    calibration: Calibration

    def detect(self, image: Image) -> list[Face]: ...

    def detect_near(self, image: Image) -> list[Face]:
        """Only faces near the camera, a few milliseconds: for liveness frames."""
        ...

    def align(self, image: Image, face: Face) -> Image:
        """The face upright and cut out, as the network takes it."""
        ...

    def embed(self, image: Image, face: Face) -> Embedding:
        """Aligns first."""
        ...

    def distance(self, a: Embedding, b: Embedding) -> float: ...


class Registry(Protocol):
    """The population registry. Each call names who asks (``caller``) and why (``purpose``).

    Raises EkycError("number_unknown") and EkycError("registry_unavailable").
    """

    def lookup(self, number: str, *, caller: str, purpose: str) -> Person:
        """The whole record, portrait excluded (``portrait`` is None)."""
        ...

    def match(self, number: str, given: dict[str, str], *, caller: str, purpose: str) -> dict[str, bool]:
        """Field name -> does it match. Fields: full_name, full_name_unaccented, date_of_birth, sex,
        date_of_issue, date_of_expiry ("" for none). The right values never leave."""
        ...

    def portrait(self, number: str, *, caller: str, purpose: str) -> bytes | None: ...


class CardReader(Protocol):
    """Photos of a card to fields and checks; raises EkycError with codes ``image_*`` and ``card_*``."""

    def read_side(self, image: bytes, expected: Side | None) -> SideReading: ...

    def fuse(
        self, front: SideReading | None, back: SideReading | None, *, use_qr: bool, today: date
    ) -> DocumentReading:
        """At least one side; ``today`` in Viet Nam decides whether the card has expired."""
        ...


class ChipReader(Protocol):
    """Files of a card's chip to what can be relied on; raises EkycError with codes ``chip_*``."""

    def read(self, files: Files, *, nonce: bytes | None, answer: bytes, now: datetime) -> ChipReading:
        """nonce: what the chip was asked to sign; answer: what it signed (b"" for nothing)."""
        ...


class Runner(Protocol):
    """Does the jobs that cost processor time (``workers.jobs``): here, in workers, in a task queue."""

    @property
    def ready(self) -> bool: ...

    def begin(self) -> None:
        """Start to load the models; returns at once."""
        ...

    def end(self) -> None: ...

    def run(self, job: str, *args: Any) -> Any:
        """Wait for the answer. Raises EkycError as the job does, and busy, worker_lost, internal."""
        ...
