"""A picture on its way in pieces, so that a broken connection costs one piece and not the whole picture.

Offsets as in the IETF draft on resumable uploads (draft-ietf-httpbis-resumable-upload): the server says how
many bytes it has, the phone goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_LENGTH = 15 * 1024 * 1024  # bytes; the engine takes no larger picture
MAX_PARTS = 2000
MAX_TOTAL = 2 * 1024**3  # bytes of all uploads together; beyond it new ones wait
LIFETIME = 30 * 60  # seconds since the last piece


@dataclass(frozen=True, slots=True)
class Upload:
    """``key``: the phone's own name for the picture; asking again with it continues the same upload."""

    upload_id: str
    enrolment_id: str
    side: str
    key: str
    length: int
    received: int
    parts: int
    expires_at: int

    @property
    def complete(self) -> bool:
        return self.received == self.length
