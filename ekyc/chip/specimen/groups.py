"""MOCK data groups of a person of the MOCK registry, as the chip of a Vietnamese card holds them."""

from __future__ import annotations

import io
from typing import Literal

from PIL import Image

from ekyc.chip.dg14 import ACTIVE_AUTHENTICATION, CHIP_AUTHENTICATION
from ekyc.chip.files import TAGS
from ekyc.chip.tlv import PRINTABLE, UTF8
from ekyc.chip.tlv_write import integer, oid, seq, set_of, tlv
from ekyc.document.mrz_format import td1
from ekyc.registry.person import Person
from ekyc.specimen.payload import SEX_WORD, printed_date

Picture = Literal["jpeg", "jp2"]
_SIZE = (480, 640)  # of the portrait, pixels


def dg1(person: Person) -> bytes:
    return tlv(TAGS["dg1"], tlv(0x5F1F, "".join(td1(person)).encode("ascii")))


def dg2(picture: bytes, kind: Picture, points: int = 0) -> bytes:
    """picture: JPEG or JPEG 2000. points: feature points of ISO/IEC 19794-5, 5.6."""
    information = bytes([1, 0 if kind == "jpeg" else 1]) + b"".join(n.to_bytes(2) for n in _SIZE)
    information += bytes([1, 2]) + bytes(4)
    marks = bytes(8) * points
    length = 20 + len(marks) + len(information) + len(picture)
    face = length.to_bytes(4) + points.to_bytes(2) + bytes(14) + marks + information + picture
    record = b"FAC\x00010\x00" + (14 + len(face)).to_bytes(4) + (1).to_bytes(2) + face
    # the biometric header template, ICAO Doc 9303 part 10, table 46: a face, in ISO's format
    header = tlv(0xA1, tlv(0x81, b"\x02"), tlv(0x87, b"\x01\x01"), tlv(0x88, b"\x00\x08"))
    template = tlv(0x7F60, header, tlv(0x5F2E, record))
    return tlv(TAGS["dg2"], tlv(0x7F61, integer(1), template))


def coded_portrait(person: Person, kind: Picture) -> bytes:
    """The registry's portrait as the chip stores it. Raises ValueError where there is none."""
    if person.portrait is None:
        raise ValueError("a person without portrait has no chip portrait")
    out = io.BytesIO()
    with Image.open(io.BytesIO(person.portrait)) as source:
        small = source.convert("RGB").resize(_SIZE, Image.Resampling.LANCZOS)
    if kind == "jpeg":
        small.save(out, "JPEG", quality=80)
    else:
        small.save(out, "JPEG2000", quality_mode="rates", quality_layers=[40])
    return out.getvalue()


def dg13(person: Person) -> bytes:
    values: dict[int, tuple[int, str]] = {
        1: (PRINTABLE, person.number),
        2: (UTF8, person.full_name),
        3: (PRINTABLE, printed_date(person.date_of_birth)),
        4: (UTF8, SEX_WORD[person.sex]),
        5: (UTF8, person.nationality),
        6: (UTF8, "SPECIMEN"),
        7: (UTF8, "SPECIMEN"),
        8: (UTF8, person.place_of_origin),
        9: (UTF8, person.place_of_residence),
        10: (UTF8, "SPECIMEN"),
        11: (PRINTABLE, printed_date(person.card.date_of_issue)),
        12: (UTF8, printed_date(person.card.date_of_expiry)),
        15: (PRINTABLE, person.old_number or ""),
    }
    pairs = [seq(integer(name), tlv(tag, text.encode())) for name, (tag, text) in values.items()]
    parents = seq(integer(13), seq(seq(tlv(UTF8, b"SPECIMEN")), seq(tlv(UTF8, b"SPECIMEN"))))
    return tlv(TAGS["dg13"], seq(*pairs, parents))


def dg14(active_signature: str | None) -> bytes:
    """active_signature: object identifier of the ECDSA signature of active authentication."""
    infos = [seq(oid(f"{CHIP_AUTHENTICATION}.2.2"), integer(1))]
    if active_signature:
        infos.append(seq(oid(ACTIVE_AUTHENTICATION), integer(1), oid(active_signature)))
    return tlv(TAGS["dg14"], set_of(*infos))
