"""DG15: the public key of active authentication (ICAO Doc 9303 part 10, 4.7.15)."""

from __future__ import annotations

from ekyc.chip.files import content
from ekyc.chip.keys import PublicKey, public_key


def parse_dg15(data: bytes) -> PublicKey:
    """Raises Malformed, EkycError chip_algorithm_not_supported."""
    return public_key(content("dg15", data))
