"""Which digests and signatures are understood, by object identifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ekyc.chip.tlv import Malformed, Tlv, integer, members, oid, read_one
from ekyc.errors import EkycError

DigestName = Literal["sha1", "sha224", "sha256", "sha384", "sha512"]
Scheme = Literal["pkcs1", "pss", "ecdsa", "plain"]

DIGESTS: dict[str, DigestName] = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
RSA, PSS, MGF1 = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
SIGNATURES: dict[str, tuple[Scheme, DigestName | None]] = {
    RSA: ("pkcs1", None),  # RFC 5754, 3.2: the digest is the signer info's
    "1.2.840.113549.1.1.5": ("pkcs1", "sha1"),
    "1.2.840.113549.1.1.14": ("pkcs1", "sha224"),
    "1.2.840.113549.1.1.11": ("pkcs1", "sha256"),
    "1.2.840.113549.1.1.12": ("pkcs1", "sha384"),
    "1.2.840.113549.1.1.13": ("pkcs1", "sha512"),
    "1.2.840.10045.4.1": ("ecdsa", "sha1"),
    "1.2.840.10045.4.3.1": ("ecdsa", "sha224"),
    "1.2.840.10045.4.3.2": ("ecdsa", "sha256"),
    "1.2.840.10045.4.3.3": ("ecdsa", "sha384"),
    "1.2.840.10045.4.3.4": ("ecdsa", "sha512"),
    # BSI TR-03111, 5.2.1.2: r and s side by side
    "0.4.0.127.0.7.1.1.4.1.1": ("plain", "sha1"),
    "0.4.0.127.0.7.1.1.4.1.2": ("plain", "sha224"),
    "0.4.0.127.0.7.1.1.4.1.3": ("plain", "sha256"),
    "0.4.0.127.0.7.1.1.4.1.4": ("plain", "sha384"),
    "0.4.0.127.0.7.1.1.4.1.5": ("plain", "sha512"),
}


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """mgf, salt (bytes): for "pss" only."""

    scheme: Scheme
    digest: DigestName
    mgf: DigestName = "sha1"
    salt: int = 0


def digest_name(algorithm: Tlv) -> DigestName:
    """AlgorithmIdentifier of a digest. Raises Malformed, EkycError chip_algorithm_not_supported."""
    dotted = oid(members(algorithm, least=1)[0])
    if dotted not in DIGESTS:
        raise EkycError("chip_algorithm_not_supported", f"digest {dotted}")
    return DIGESTS[dotted]


def signature_algorithm(algorithm: Tlv, digest: DigestName | None = None) -> SignatureAlgorithm:
    """AlgorithmIdentifier of a signature; ``digest``: where the identifier itself names none.

    Raises Malformed, EkycError chip_algorithm_not_supported.
    """
    parts = members(algorithm, least=1)
    dotted = oid(parts[0])
    if dotted == PSS:
        return _pss(parts[1] if len(parts) > 1 else None)
    scheme, own = SIGNATURES.get(dotted, (None, None))
    used = own or digest
    if scheme is None or used is None:
        raise EkycError("chip_algorithm_not_supported", f"signature {dotted}")
    return SignatureAlgorithm(scheme, used)


def _pss(parameters: Tlv | None) -> SignatureAlgorithm:
    """RSASSA-PSS-params (RFC 4055, 3.1): what is left out means SHA-1 and a salt of 20 bytes."""
    digest, mgf, salt = DIGESTS["1.3.14.3.2.26"], DIGESTS["1.3.14.3.2.26"], 20
    for part in members(parameters) if parameters else ():
        value = read_one(part.value)
        if part.tag == 0xA0:
            digest = digest_name(value)
        elif part.tag == 0xA1:
            name, *hashed = members(value, least=2)
            if oid(name) != MGF1:
                raise EkycError("chip_algorithm_not_supported", "mask generation")
            mgf = digest_name(hashed[0])
        elif part.tag == 0xA2:
            salt = integer(value, most_bytes=2)
        elif part.tag != 0xA3 or integer(value, most_bytes=2) != 1:
            raise Malformed("unknown parameter of RSASSA-PSS")
    if not 0 <= salt <= 512:
        raise Malformed("salt of a forbidden size")
    return SignatureAlgorithm("pss", digest, mgf, salt)
