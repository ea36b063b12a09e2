"""Writing DER: for the SET of signed attributes, for keys in another form, and for specimen chips."""

from __future__ import annotations

from ekyc.chip.tlv import BIT_STRING, INTEGER, NULL, OID, SEQUENCE, SET


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element around ``parts`` joined."""
    value = b"".join(parts)
    return tag.to_bytes((tag.bit_length() + 7) // 8) + _length(len(value)) + value


def seq(*parts: bytes) -> bytes:
    return tlv(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """X.690, 11.6: in ascending order."""
    return tlv(SET, *sorted(parts))


def integer(value: int) -> bytes:
    size = (value if value >= 0 else ~value).bit_length() // 8 + 1
    return tlv(INTEGER, value.to_bytes(size, signed=True))


def oid(dotted: str) -> bytes:
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return tlv(OID, b"".join(_base128(arc) for arc in (40 * first + second, *rest)))


def bits(value: bytes) -> bytes:
    return tlv(BIT_STRING, b"\0", value)


def null() -> bytes:
    return tlv(NULL)


def _base128(number: int) -> bytes:
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(number & 0x7F | 0x80)
    return bytes(reversed(out))


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    coded = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([0x80 | len(coded)]) + coded
