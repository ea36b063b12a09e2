"""A JPEG 2000 file before it is decoded (ISO/IEC 15444-1): what would cost memory out of all proportion.

A few hundred bytes can ask a decoder for millions of tiles, precincts or code-blocks. Portraits need none
of that, so anything beyond a plain picture is refused from its headers alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from ekyc.chip.tlv import Malformed

_SOC, _SIZ, _COD, _SOT, _SOD, _EOC = 0xFF4F, 0xFF51, 0xFF52, 0xFF90, 0xFF93, 0xFFD9
# parameters of one component or tile, changes of order, packed headers: no portrait needs them
_REFUSED = {0xFF53: "COC", 0xFF5E: "RGN", 0xFF5F: "POC", 0xFF60: "PPM", 0xFF61: "PPT"}
_MIN_TILE = 128  # pixels
_MAX_LAYERS, _MAX_LEVELS = 64, 10
_MIN_BLOCK = 2  # exponent less two: 16 samples
_MAX_PRECINCTS = 4096  # of one component, over all resolutions
_MAX_BOXES = 64


def require_plain(data: bytes, max_side: int) -> None:
    """max_side: pixels. Raises Malformed."""
    stream = data if data.startswith(b"\xff\x4f") else _code_stream(data)
    if stream[:2] != _SOC.to_bytes(2):
        raise Malformed("JPEG 2000: no code stream")
    seen: list[int] = []
    for marker, segment in _segments(stream):
        if marker in _REFUSED or (marker == _COD and seen.count(_COD)):
            raise Malformed(f"JPEG 2000: {_REFUSED.get(marker, 'COD twice')}")
        if marker == _SIZ:
            _require_size(segment, max_side)
        elif marker == _COD:
            _require_coding(segment, max_side)
        seen.append(marker)
    if seen[:1] != [_SIZ] or _COD not in seen:
        raise Malformed("JPEG 2000: no size or no coding style")


def _code_stream(data: bytes) -> bytes:
    """The content of the one box ``jp2c`` (I.5.4)."""
    found: list[bytes] = []
    at = 0
    for _ in range(_MAX_BOXES):
        if at >= len(data):
            break
        length, kind, header = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], 8
        if length == 1:
            length, header = int.from_bytes(data[at + 8 : at + 16]), 16
        end = at + length if length else len(data)
        if end < at + header or end > len(data):
            raise Malformed("JPEG 2000: box of an impossible length")
        if kind == b"jp2c":
            found.append(data[at + header : end])
        at = end
    if len(found) != 1 or at < len(data):
        raise Malformed("JPEG 2000: not one code stream")
    return found[0]


def _segments(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of every segment of the main header and of each tile part's header (A.1)."""
    at = 2
    part_end = 0
    while at + 4 <= len(stream):
        marker, length = int.from_bytes(stream[at : at + 2]), int.from_bytes(stream[at + 2 : at + 4])
        if marker == _SOD:
            if part_end <= at:
                return  # the last part, to the end
            at = part_end
            continue
        if marker == _EOC:
            return
        if marker < 0xFF4F or length < 2 or at + 2 + length > len(stream):
            raise Malformed("JPEG 2000: segment of an impossible length")
        segment = stream[at + 4 : at + 2 + length]
        if marker == _SOT:
            size = int.from_bytes(segment[2:6])
            part_end = at + size if size else 0
        yield marker, segment
        at += 2 + length


def _require_size(segment: bytes, max_side: int) -> None:
    """SIZ (A.5.1): one or three components of eight bits, tiles not small."""
    if len(segment) < 36:
        raise Malformed("JPEG 2000: SIZ")
    width, height, left, top, tile_width, tile_height = (
        int.from_bytes(segment[at : at + 4]) for at in range(2, 26, 4)
    )
    if left or top or not 0 < max(width, height) <= max_side:
        raise Malformed(f"JPEG 2000: {width} x {height} pixels")
    if tile_width < min(width, _MIN_TILE) or tile_height < min(height, _MIN_TILE):
        raise Malformed("JPEG 2000: tiles too small")
    count, components = int.from_bytes(segment[34:36]), segment[36:]
    if count not in (1, 3) or len(components) != 3 * count:
        raise Malformed(f"JPEG 2000: {count} components")
    for depth, across, down in zip(components[::3], components[1::3], components[2::3], strict=True):
        if depth != 7 or across not in (1, 2) or down not in (1, 2):
            raise Malformed("JPEG 2000: component of another depth or scale")


def _require_coding(segment: bytes, side: int) -> None:
    """COD (A.6.1): few layers, levels and precincts, code-blocks not small. side: of the largest picture."""
    if len(segment) < 10:
        raise Malformed("JPEG 2000: COD")
    layers, levels = int.from_bytes(segment[2:4]), segment[5]
    if layers > _MAX_LAYERS or levels > _MAX_LEVELS:
        raise Malformed("JPEG 2000: layers or levels")
    if min(segment[6:8]) < _MIN_BLOCK:
        raise Malformed("JPEG 2000: code-blocks too small")
    precincts = segment[10:] if segment[0] & 1 else b""
    # from the smallest resolution to the full one (B.6)
    count = sum(
        -(-side >> levels - r + (size & 0xF)) * -(-side >> levels - r + (size >> 4))
        for r, size in enumerate(precincts[: levels + 1])
    )
    if count > _MAX_PRECINCTS:
        raise Malformed("JPEG 2000: too many precincts")
