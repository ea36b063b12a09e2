"""The reader of this package behind ``ports.CardReader``."""

from __future__ import annotations

from datetime import date

from ekyc.document.fuse import fuse
from ekyc.document.read import read_side
from ekyc.types import DocumentReading, Side, SideReading


class DocumentReader:
    """Implements ``ports.CardReader``."""

    def read_side(self, image: bytes, expected: Side | None) -> SideReading:
        return read_side(image, expected)

    def fuse(
        self, front: SideReading | None, back: SideReading | None, *, use_qr: bool, today: date
    ) -> DocumentReading:
        first, second = (front, back) if front is not None else (back, None)
        if first is None:
            raise ValueError("no side to fuse")
        return fuse(first, second, use_qr=use_qr, today=today)
