"""LDSSecurityObject: the hashes of a chip's data groups (ICAO Doc 9303 part 10, 4.6.2.3)."""

from __future__ import annotations

from dataclasses import dataclass

from ekyc.chip.algorithms import DigestName, digest_name
from ekyc.chip.tlv import OCTET_STRING, Malformed, expect, integer, members, sequence


@dataclass(frozen=True, slots=True)
class GroupHashes:
    """hashes: number of the data group -> digest."""

    digest: DigestName
    hashes: dict[int, bytes]


def parse_lds(content: bytes) -> GroupHashes:
    """Raises Malformed (also for no groups at all), EkycError chip_algorithm_not_supported."""
    version, algorithm, groups, *_ = sequence(content, least=3)
    if integer(version, most_bytes=1) not in (0, 1):
        raise Malformed("version of the security object")
    hashes: dict[int, bytes] = {}
    for group in members(groups, least=1):
        number, value = members(group, least=2)[:2]
        name = integer(number, most_bytes=1)
        if not 1 <= name <= 16 or name in hashes:
            raise Malformed("data group out of range or named twice")
        hashes[name] = expect(value, OCTET_STRING)
    return GroupHashes(digest_name(algorithm), hashes)
