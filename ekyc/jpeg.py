"""The outer structure of a JPEG file (ITU-T T.81, annex B), read without decoding it."""

from __future__ import annotations

import re

# a marker: neither a stuffed 0xFF of a scan's data nor a restart
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_PLAIN = (0x01, _SOI)  # markers without a segment


def jpeg_scans(data: bytes) -> int:
    """How often the decoder goes over the picture; what follows the picture (B.2.1, EOI) does not count."""
    scans, at = 0, 2
    while (found := _MARKER.search(data, at)) is not None:
        marker, at = found[1][0], found.end()
        if marker == _EOI:
            break
        if marker in _PLAIN:
            continue
        scans += marker == _SOS
        at += max(2, int.from_bytes(data[at : at + 2]))
    return scans
