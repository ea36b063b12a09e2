"""Tag, length, value: the one reader under every file of a chip. Bounded, and it never guesses.

Two dialects: DER (X.690, section 10.1: shortest lengths) for everything that is ASN.1 and signed, and the
BER-TLV of smart cards (ISO/IEC 7816-4, 5.2.2), where a length may be longer than needed, for data groups.
"""

from __future__ import annotations

from dataclasses import dataclass

INTEGER, BIT_STRING, OCTET_STRING, NULL, OID, UTF8 = 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C
PRINTABLE, UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET = 0x13, 0x17, 0x18, 0x30, 0x31
MAX_CHILDREN = 512  # in one constructed value; the widest honest one, a security object, has 16 hashes
_MAX_TAG_BYTES = 3
_MAX_LENGTH_BYTES = 4


class Malformed(Exception):
    """Not what the format allows. The text tells where, never what the bytes hold."""


@dataclass(frozen=True, slots=True)
class Tlv:
    """One element. tag: its bytes as a number, 0x7F61 for two. encoded: header and value."""

    tag: int
    value: bytes
    encoded: bytes


def read_one(data: bytes, *, der: bool = True) -> Tlv:
    """The one element that ``data`` is. Raises Malformed, also for bytes behind it."""
    found, end = _element(data, 0, der)
    if end != len(data):
        raise Malformed(f"{len(data) - end} bytes behind tag {found.tag:X}")
    return found


def read_all(data: bytes, *, der: bool = True) -> tuple[Tlv, ...]:
    """The elements in a row that ``data`` is, at most MAX_CHILDREN. Raises Malformed."""
    found: list[Tlv] = []
    at = 0
    while at < len(data):
        if len(found) == MAX_CHILDREN:
            raise Malformed("too many elements")
        element, at = _element(data, at, der)
        found.append(element)
    return tuple(found)


def expect(element: Tlv, tag: int) -> bytes:
    """The value of an element that has this tag. Raises Malformed."""
    if element.tag != tag:
        raise Malformed(f"tag {element.tag:X} where {tag:X} belongs")
    return element.value


def sequence(data: bytes, *, least: int = 0, tag: int = SEQUENCE) -> tuple[Tlv, ...]:
    """The members of the one DER SEQUENCE (or other ``tag``) that ``data`` is. Raises Malformed."""
    return members(read_one(data), least=least, tag=tag)


def members(element: Tlv, *, least: int = 0, tag: int = SEQUENCE) -> tuple[Tlv, ...]:
    """The members of a DER SEQUENCE, at least so many. Raises Malformed."""
    found = read_all(expect(element, tag))
    if len(found) < least:
        raise Malformed(f"{len(found)} members where {least} belong")
    return found


def integer(element: Tlv, *, most_bytes: int = 1024) -> int:
    """X.690, 8.3: two's complement in the fewest bytes. Raises Malformed."""
    value = expect(element, INTEGER)
    if not value or len(value) > most_bytes:
        raise Malformed("integer of a forbidden size")
    if len(value) > 1 and value[0] in (0x00, 0xFF) and value[0] >> 7 == value[1] >> 7:
        raise Malformed("integer with a needless byte")
    return int.from_bytes(value, signed=True)


def oid(element: Tlv) -> str:
    """X.690, 8.19: dotted numbers. Raises Malformed."""
    value = expect(element, OID)
    if not 0 < len(value) <= 32 or value[-1] & 0x80:
        raise Malformed("object identifier of a forbidden size")
    arcs: list[int] = []
    arc = 0
    for byte in value:
        if arc == 0 and byte == 0x80:
            raise Malformed("object identifier with a needless byte")
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(number) for number in (first, arcs[0] - 40 * first, *arcs[1:]))


def bits(element: Tlv) -> bytes:
    """A BIT STRING of whole bytes. Raises Malformed."""
    value = expect(element, BIT_STRING)
    if not value or value[0] != 0:
        raise Malformed("bit string that does not end at a byte")
    return value[1:]


def _element(data: bytes, start: int, der: bool) -> tuple[Tlv, int]:
    tag, at = _tag(data, start)
    length, at = _length(data, at, der)
    end = at + length
    if end > len(data):
        raise Malformed(f"tag {tag:X} ends {end - len(data)} bytes too early")
    return Tlv(tag, data[at:end], data[start:end]), end


def _tag(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise Malformed("no tag")
    tag = data[at]
    if tag & 0x1F != 0x1F:
        return tag, at + 1
    for end in range(at + 1, min(at + _MAX_TAG_BYTES, len(data))):
        tag = tag << 8 | data[end]
        if not data[end] & 0x80:
            return tag, end + 1
    raise Malformed("tag does not end")


def _length(data: bytes, at: int, der: bool) -> tuple[int, int]:
    if at >= len(data):
        raise Malformed("no length")
    first, at = data[at], at + 1
    if first < 0x80:
        return first, at
    count = first & 0x7F
    if not 0 < count <= _MAX_LENGTH_BYTES:
        raise Malformed("length without end or too long")
    if at + count > len(data):
        raise Malformed("length does not end")
    length = int.from_bytes(data[at : at + count])
    if der and (length < 0x80 or data[at] == 0):
        raise Malformed("length is not the shortest")
    return length, at + count
