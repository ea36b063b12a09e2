"""Active authentication (ICAO Doc 9303 part 11, 6.1): the chip signs our nonce, a copy cannot.

RSA: ISO/IEC 9796-2, digital signature scheme 1, partial recovery: the nonce is the part that is not inside.
ECDSA: plain r and s over the nonce, with the digest that DG14 names.
SHA-1 is taken here whatever the policy for documents says: it need only withstand second preimages of a
nonce that nobody can choose.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric import rsa

from ekyc.chip.algorithms import DigestName, SignatureAlgorithm
from ekyc.chip.keys import PublicKey, verifies
from ekyc.errors import EkycError

NONCE_BYTES = 8
# trailer field -> digest, ISO/IEC 9796-2, 7.3 with the identifiers of ISO/IEC 10118-3
_TRAILERS: dict[int, DigestName] = {
    0x33: "sha1",
    0x34: "sha256",
    0x35: "sha512",
    0x36: "sha384",
    0x38: "sha224",
}


def answers(key: PublicKey, nonce: bytes, signature: bytes, how: SignatureAlgorithm | None) -> bool:
    """Did the chip's key sign this nonce? how: what DG14 says of an ECDSA key.

    Raises EkycError chip_algorithm_not_supported: an ECDSA key of which DG14 says nothing.
    """
    if isinstance(key, rsa.RSAPublicKey):
        return _recovers(key, nonce, signature)
    if how is None:
        raise EkycError("chip_algorithm_not_supported", "active authentication without its info")
    return any(
        verifies(key, SignatureAlgorithm(scheme, how.digest), signature, nonce)
        for scheme in ("plain", "ecdsa")  # some chips answer in DER against the standard
    )


def _recovers(key: rsa.RSAPublicKey, nonce: bytes, signature: bytes) -> bool:
    """ISO/IEC 9796-2, 8.3: open the signature, find header, trailer and the digest of both parts."""
    numbers = key.public_numbers()
    value = int.from_bytes(signature)
    if len(signature) != (numbers.n.bit_length() + 7) // 8 or value >= numbers.n:
        return False
    opened = pow(value, numbers.e, numbers.n)
    if opened & 0xF != 0xC:  # 9796-2, annex A: the smaller of s and n - s was sent
        opened = numbers.n - opened
    message = opened.to_bytes(len(signature))
    digest, trailer = _trailer(message)
    if digest is None or message[0] != 0x6A:
        return False
    size = hashlib.new(digest).digest_size
    inside, found = message[1 : -size - trailer], message[-size - trailer : -trailer]
    return hmac.compare_digest(hashlib.new(digest, inside + nonce).digest(), found)


def _trailer(message: bytes) -> tuple[DigestName | None, int]:
    """The digest that the trailer names, and the trailer's length in bytes."""
    if message[-1] == 0xBC:
        return "sha1", 1
    return (_TRAILERS.get(message[-2]), 2) if message[-1] == 0xCC else (None, 0)
