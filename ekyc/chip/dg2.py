"""DG2: the portrait. CBEFF templates (ICAO Doc 9303 part 10, 4.7.2) around one ISO/IEC 19794-5 record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ekyc.chip.files import content
from ekyc.chip.tlv import Malformed, expect, integer, read_all, read_one

_TEMPLATES, _TEMPLATE = 0x7F61, 0x7F60
_DATA = (0x5F2E, 0x7F2E)  # plain and constructed biometric data block
_HEADER, _FACE, _POINT, _IMAGE = 14, 20, 8, 12  # bytes, ISO/IEC 19794-5, 5.4 to 5.7
_JPEG, _JPEG_2000 = 0, 1
_STARTS = (
    ("JPEG", b"\xff\xd8\xff"),
    ("JPEG2000", b"\x00\x00\x00\x0cjP  \r\n\x87\n"),
    ("JPEG2000", b"\xff\x4f\xff\x51"),  # a bare code stream
)


@dataclass(frozen=True, slots=True)
class ChipImage:
    """The coded picture as the chip holds it."""

    kind: Literal["JPEG", "JPEG2000"]
    data: bytes


def parse_dg2(data: bytes) -> ChipImage:
    """The picture of the first face. Raises Malformed."""
    templates = read_all(expect(read_one(content("dg2", data), der=False), _TEMPLATES), der=False)
    if len(templates) < 2 or integer(templates[0], most_bytes=1) < 1:
        raise Malformed("no portrait")
    parts = read_all(expect(templates[1], _TEMPLATE), der=False)
    block = next((part.value for part in parts if part.tag in _DATA), None)
    if block is None:
        raise Malformed("no biometric data block")
    return _image(_record(block))


def _record(block: bytes) -> bytes:
    """Facial record: header, then one face after the other; what the first face holds."""
    if len(block) < _HEADER + _FACE or block[:8] != b"FAC\x00010\x00":
        raise Malformed("no facial record of version 010")
    if int.from_bytes(block[8:12]) > len(block) or int.from_bytes(block[12:14]) < 1:
        raise Malformed("length or number of faces")
    length = int.from_bytes(block[14:18])
    if not _FACE + _IMAGE < length <= len(block) - _HEADER:
        raise Malformed("length of the face")
    return block[_HEADER : _HEADER + length]


def _image(face: bytes) -> ChipImage:
    """Facial information, feature points, image information, picture."""
    start = _FACE + _POINT * int.from_bytes(face[4:6])
    information, picture = face[start : start + _IMAGE], face[start + _IMAGE :]
    if len(information) < _IMAGE or information[1] not in (_JPEG, _JPEG_2000):
        raise Malformed("coding of the picture")
    # the bytes themselves say what they are: issuers are known to write the wrong coding
    for kind, magic in _STARTS:
        if picture.startswith(magic):
            return ChipImage("JPEG" if kind == "JPEG" else "JPEG2000", picture)
    raise Malformed("neither JPEG nor JPEG 2000")
