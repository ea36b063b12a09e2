"""What a MOCK chip does when a phone asks it to sign a nonce (INTERNAL AUTHENTICATE)."""

from __future__ import annotations

import hashlib
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from ekyc.chip.algorithms import DigestName
from ekyc.chip.specimen.authority import PrivateKey

_TRAILERS: dict[DigestName, bytes] = {
    "sha1": b"\xbc",
    "sha224": b"\x38\xcc",
    "sha256": b"\x34\xcc",
    "sha384": b"\x36\xcc",
    "sha512": b"\x35\xcc",
}


def answer_nonce(key: PrivateKey, nonce: bytes, digest: DigestName = "sha256") -> bytes:
    """ECDSA with SHA-256, r and s side by side; RSA by ISO/IEC 9796-2 scheme 1 with ``digest``."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        size = (key.key_size + 7) // 8
        parts = decode_dss_signature(key.sign(nonce, ec.ECDSA(hashes.SHA256())))
        return b"".join(part.to_bytes(size) for part in parts)
    numbers = key.private_numbers()
    modulus = numbers.public_numbers.n
    size = (modulus.bit_length() + 7) // 8
    trailer = _TRAILERS[digest]
    inside = secrets.token_bytes(size - 1 - hashlib.new(digest).digest_size - len(trailer))
    message = b"\x6a" + inside + hashlib.new(digest, inside + nonce).digest() + trailer
    return pow(int.from_bytes(message), numbers.d, modulus).to_bytes(size)
