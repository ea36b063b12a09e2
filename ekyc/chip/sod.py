"""EF.SOD: a CMS SignedData (RFC 5652) in tag 77 (ICAO Doc 9303 part 10, 4.6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ekyc.chip import tlv
from ekyc.chip.algorithms import DigestName, SignatureAlgorithm, digest_name, signature_algorithm
from ekyc.chip.tlv import Malformed, Tlv, expect, integer, members, oid, read_all, read_one, sequence

FILE_TAG = 0x77
SIGNED_DATA, LDS_OBJECT = "1.2.840.113549.1.7.2", "2.23.136.1.1.1"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_CERTIFICATES, _CRLS, _KEY_ID, _ATTRIBUTES, _EXPLICIT = 0xA0, 0xA1, 0x80, 0xA0, 0xA0
_MAX_CERTIFICATES = 4


@dataclass(frozen=True, slots=True)
class SecurityObject:
    """What was signed, by whom and how.

    content: DER of the LDSSecurityObject. signed: the attributes as they were signed (RFC 5652, 5.4).
    content_digest: what the attributes say it is, made with ``digest``.
    signer: issuer name (DER) and serial number, or a key identifier.
    """

    content: bytes
    digest: DigestName
    content_digest: bytes
    signed: bytes
    algorithm: SignatureAlgorithm
    signature: bytes
    signer: tuple[bytes, int] | bytes
    certificates: tuple[bytes, ...]


def parse_sod(data: bytes) -> SecurityObject:
    """Raises Malformed, EkycError chip_algorithm_not_supported."""
    content_type, wrapped = sequence(expect(read_one(data), FILE_TAG), least=2)[:2]
    if oid(content_type) != SIGNED_DATA:
        raise Malformed("no SignedData")
    _, _, encapsulated, *rest = sequence(expect(wrapped, _EXPLICIT), least=4)
    infos = members(rest[-1], least=1, tag=tlv.SET)
    if len(infos) != 1:
        raise Malformed("more than one signer")
    certificates = [part for part in rest[:-1] if part.tag == _CERTIFICATES]
    if any(part.tag not in (_CERTIFICATES, _CRLS) for part in rest[:-1]) or len(certificates) != 1:
        raise Malformed("no certificate of the signer")
    return _signed(_content(encapsulated), infos[0], _certificates(certificates[0]))


def _content(encapsulated: Tlv) -> bytes:
    kind, wrapped = members(encapsulated, least=2)[:2]
    if oid(kind) != LDS_OBJECT:
        raise Malformed("no security object of a chip")
    return expect(read_one(expect(wrapped, _EXPLICIT)), tlv.OCTET_STRING)


def _certificates(element: Tlv) -> tuple[bytes, ...]:
    found = read_all(element.value)
    if not 0 < len(found) <= _MAX_CERTIFICATES:
        raise Malformed(f"{len(found)} certificates")
    return tuple(certificate.encoded for certificate in found)


def _signed(content: bytes, info: Tlv, certificates: tuple[bytes, ...]) -> SecurityObject:
    """SignerInfo (RFC 5652, 5.3). Attributes must be there: the content is no plain data."""
    _, signer, digest_algorithm, attributes, algorithm, signature, *_ = members(info, least=6)
    digest = digest_name(digest_algorithm)
    values = _attributes(read_all(expect(attributes, _ATTRIBUTES)))
    if oid(read_one(values[CONTENT_TYPE])) != LDS_OBJECT:
        raise Malformed("attributes of another content")
    return SecurityObject(
        content,
        digest,
        expect(read_one(values[MESSAGE_DIGEST]), tlv.OCTET_STRING),
        bytes([tlv.SET]) + attributes.encoded[1:],
        signature_algorithm(algorithm, digest),
        expect(signature, tlv.OCTET_STRING),
        _signer(signer),
        certificates,
    )


def _attributes(elements: Sequence[Tlv]) -> dict[str, bytes]:
    """Type -> DER of its one value, for the two that RFC 5652, 11 wants exactly once."""
    found: dict[str, bytes] = {}
    for element in elements:
        kind, value = members(element, least=2)[:2]
        name = oid(kind)
        if name in (CONTENT_TYPE, MESSAGE_DIGEST):
            if name in found:
                raise Malformed("an attribute twice")
            found[name] = expect(value, tlv.SET)
    if len(found) != 2:
        raise Malformed("content type or digest is not signed")
    return found


def _signer(element: Tlv) -> tuple[bytes, int] | bytes:
    if element.tag == _KEY_ID:
        return element.value
    issuer, serial = members(element, least=2)[:2]
    return issuer.encoded, integer(serial)
