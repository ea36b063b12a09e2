"""The files of a chip as a phone sends them: which they are, and how large they may be."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from ekyc.chip.tlv import Malformed, expect, read_one
from ekyc.errors import EkycError

SOD = "sod"
# name -> tag of the file, ICAO Doc 9303 part 10, table 38
TAGS = {"dg1": 0x61, "dg2": 0x75, "dg13": 0x6D, "dg14": 0x6E, "dg15": 0x6F, SOD: 0x77}
# bytes; several times what honest cards hold
LIMITS = {
    "dg1": 512,
    "dg2": 128 * 1024,
    "dg13": 8 * 1024,
    "dg14": 8 * 1024,
    "dg15": 8 * 1024,
    SOD: 32 * 1024,
}
REQUIRED = ("dg1", "dg2", SOD)
MAX_ANSWER = 1024  # bytes of an active authentication signature
MAX_BYTES = sum(LIMITS.values()) + MAX_ANSWER

Files = Mapping[str, bytes]


def require_files(files: Files, answer: bytes = b"") -> None:
    """What is needed is there, nothing else, none too long.

    Raises EkycError: chip_incomplete, chip_too_large, usage (a name that is no file of ours).
    """
    unknown = files.keys() - TAGS.keys()
    if unknown:
        raise EkycError("usage", f"{len(unknown)} unknown files")
    missing = [name for name in REQUIRED if not files.get(name)]
    if missing:
        raise EkycError("chip_incomplete", ", ".join(missing))
    for name, data in files.items():
        if len(data) > LIMITS[name]:
            raise EkycError("chip_too_large", f"{name}: {len(data)} bytes")
    if len(answer) > MAX_ANSWER:
        raise EkycError("chip_too_large", f"answer: {len(answer)} bytes")


def group_number(name: str) -> int:
    """ "dg14" -> 14."""
    return int(name[2:])


def content(name: str, data: bytes) -> bytes:
    """What is inside a data group's own tag. Raises Malformed."""
    return expect(read_one(data, der=False), TAGS[name])


def file_name(data: bytes) -> str | None:
    """Which file these bytes are, by their first tag."""
    return next((name for name, tag in TAGS.items() if data[:1] == bytes([tag])), None)


def digests(files: Files) -> dict[str, str]:
    """Name -> SHA-256, for the record of a decision."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def unreadable(name: str, error: Malformed) -> EkycError:
    return EkycError("chip_unreadable", f"{name}: {error}")
