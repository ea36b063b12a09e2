"""Templates at rest: 16-bit values, AES-256-GCM, bound to the verification and engine they came from."""

from __future__ import annotations

import hashlib
import hmac
import os

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from ekyc.duplicates.ports import Vectors

_NONCE = 12  # bytes, NIST SP 800-38D, section 8.2.2


class Seal:
    """Sub-keys of the installation's key by HKDF (RFC 5869). A lost key means lost templates."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(_derived(key, b"ekyc/face templates"))
        self._people = _derived(key, b"ekyc/enrolled people")

    def close(self, template: Vectors, verification_id: str, engine: str) -> bytes:
        nonce = os.urandom(_NONCE)
        plain = np.asarray(template, dtype="<f2").tobytes()
        return nonce + self._cipher.encrypt(nonce, plain, f"{engine}\0{verification_id}".encode())

    def open(self, sealed: bytes, verification_id: str, engine: str) -> Vectors | None:
        """None when it was changed, or sealed with another key."""
        bound_to = f"{engine}\0{verification_id}".encode()
        try:
            plain = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
        except (InvalidTag, ValueError):
            return None
        return np.frombuffer(plain, dtype="<f2").astype(np.float32)

    def person(self, number: str) -> str:
        """What stands for a personal number."""
        return hmac.new(self._people, number.encode(), hashlib.sha256).hexdigest()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDFExpand(SHA256(), 32, purpose).derive(key)
