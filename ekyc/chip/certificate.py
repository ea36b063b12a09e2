"""A certificate as the chip's trust chain needs it (RFC 5280; profile: ICAO Doc 9303 part 12, 7.1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from ekyc.chip.algorithms import SignatureAlgorithm, signature_algorithm
from ekyc.chip.keys import PublicKey, public_key, verifies
from ekyc.chip.tlv import Malformed, Tlv, bits, integer, sequence

# what the library raises for certificates that break their own syntax
SYNTAX_ERRORS = (
    ValueError,
    TypeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
_E = TypeVar("_E", bound=x509.ExtensionType)
_SKI, _AKI = x509.SubjectKeyIdentifier, x509.AuthorityKeyIdentifier


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate. issuer, subject: DER of the names. key_usage, is_authority: None where not stated."""

    encoded: bytes
    signed_part: bytes
    algorithm: SignatureAlgorithm
    signature: bytes
    serial: int
    issuer: bytes
    subject: bytes
    country: str
    key: PublicKey
    not_before: datetime
    not_after: datetime
    key_usage: x509.KeyUsage | None
    is_authority: bool | None
    key_id: bytes | None
    issuer_key_id: bytes | None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.encoded).hexdigest()

    def issued(self, other: Certificate) -> bool:
        """Does this certificate's key verify the other's signature?"""
        return verifies(self.key, other.algorithm, other.signature, other.signed_part)

    def is_issuer_of(self, other: Certificate) -> bool:
        """By name, or by key identifier where names are written in different string types."""
        by_key = self.key_id is not None and self.key_id == other.issuer_key_id
        return self.subject == other.issuer or by_key


def parse_certificate(encoded: bytes) -> Certificate:
    """DER to Certificate. Raises Malformed, EkycError chip_algorithm_not_supported."""
    outer = sequence(encoded, least=3)
    signed = sequence(outer[0].encoded, least=6)
    fields = signed[1:] if signed[0].tag == 0xA0 else signed  # the version is left out of version 1
    if len(fields) < 6:
        raise Malformed("certificate without a key")
    serial, _, issuer, _, subject, key = fields[:6]
    if integer(serial) <= 0:
        raise Malformed("serial number that is not positive")
    algorithm, key_info = signature_algorithm(outer[1]), public_key(key.encoded)
    try:
        return _certificate(encoded, outer, (serial, issuer, subject), algorithm, key_info)
    except SYNTAX_ERRORS as error:
        raise Malformed(f"certificate: {type(error).__name__}") from error


def _certificate(
    encoded: bytes,
    outer: tuple[Tlv, ...],
    named: tuple[Tlv, Tlv, Tlv],
    algorithm: SignatureAlgorithm,
    key: PublicKey,
) -> Certificate:
    loaded = x509.load_der_x509_certificate(encoded)
    basic = _extension(loaded, x509.BasicConstraints)
    own, issuers = _extension(loaded, _SKI), _extension(loaded, _AKI)
    countries = loaded.issuer.get_attributes_for_oid(x509.NameOID.COUNTRY_NAME)
    serial, issuer, subject = named
    return Certificate(
        encoded,
        outer[0].encoded,
        algorithm,
        bits(outer[2]),
        integer(serial),
        issuer.encoded,
        subject.encoded,
        str(countries[0].value).upper() if countries else "",
        key,
        loaded.not_valid_before_utc,
        loaded.not_valid_after_utc,
        _extension(loaded, x509.KeyUsage),
        basic.ca if basic else None,
        own.digest if own else None,
        issuers.key_identifier if issuers else None,
    )


def _extension(loaded: x509.Certificate, kind: type[_E]) -> _E | None:
    try:
        return loaded.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
