"""The chip reader of an installation: its CSCA folder and its policy."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ekyc.chip.anchors import AnchorFolder
from ekyc.chip.files import Files
from ekyc.chip.read import read_chip
from ekyc.chip.reading import ChipReading
from ekyc.policy import ChipPolicy


class ChipVerifier:
    """Implements ``ports.ChipReader``."""

    def __init__(self, folder: Path | None, policy: ChipPolicy) -> None:
        """folder: of the CSCA certificates and revocation lists. Raises AnchorError for a broken one."""
        self._anchors = AnchorFolder(folder)
        self._policy = policy
        self._anchors.current()

    def read(self, files: Files, *, nonce: bytes | None, answer: bytes, now: datetime) -> ChipReading:
        """See ``read_chip``."""
        return read_chip(
            files,
            nonce=nonce,
            answer=answer,
            anchors=self._anchors.current(),
            policy=self._policy,
            now=now,
        )
