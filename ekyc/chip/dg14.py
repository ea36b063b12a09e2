"""DG14: which security protocols the chip speaks (SecurityInfos, ICAO Doc 9303 part 11, 9.2)."""

from __future__ import annotations

from dataclasses import dataclass

from ekyc.chip import tlv
from ekyc.chip.algorithms import SignatureAlgorithm, signature_algorithm
from ekyc.chip.files import content
from ekyc.chip.tlv import Malformed, Tlv, integer, members, oid, read_one
from ekyc.chip.tlv_write import seq
from ekyc.errors import EkycError

ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"
CHIP_AUTHENTICATION = "0.4.0.127.0.7.2.2.3"
CHIP_KEY_DH, CHIP_KEY_ECDH = "0.4.0.127.0.7.2.2.1.1", "0.4.0.127.0.7.2.2.1.2"
_MAX_INFOS = 64


@dataclass(frozen=True, slots=True)
class SecurityInfos:
    """protocols: object identifiers, in order. active: how an ECDSA chip signs, where it says so."""

    protocols: tuple[str, ...]
    active: SignatureAlgorithm | None


def parse_dg14(data: bytes) -> SecurityInfos:
    """Raises Malformed, EkycError chip_algorithm_not_supported."""
    infos = members(read_one(content("dg14", data)), tag=tlv.SET)
    if len(infos) > _MAX_INFOS:
        raise Malformed("too many security infos")
    active = None
    protocols = []
    for info in infos:
        parts = members(info, least=2)
        protocol = oid(parts[0])
        protocols.append(protocol)
        if protocol == ACTIVE_AUTHENTICATION:
            active = _active(parts)
        elif protocol in (CHIP_KEY_DH, CHIP_KEY_ECDH):
            members(parts[1], least=2)  # a key that only a reader next to the chip can use
    return SecurityInfos(tuple(protocols), active)


def _active(parts: tuple[Tlv, ...]) -> SignatureAlgorithm:
    """ActiveAuthenticationInfo: version 1, then the bare object identifier of the signature."""
    if len(parts) < 3 or integer(parts[1], most_bytes=1) != 1:
        raise Malformed("active authentication info")
    how = signature_algorithm(read_one(seq(parts[2].encoded)))
    if how.scheme not in ("plain", "ecdsa"):
        raise EkycError("chip_algorithm_not_supported", "active authentication")
    return how
