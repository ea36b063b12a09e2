"""Encrypted cookie values: AES-256-GCM under a key that never leaves the server."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12  # bytes, NIST SP 800-38D section 8.2.2


@dataclass(frozen=True, slots=True)
class SetCookie:
    """A cookie to set for ``max_age`` seconds; ``max_age`` 0 deletes it."""

    name: str
    value: str
    max_age: int


class SealedBox:
    """Seals JSON objects. ``purpose`` is authenticated, so one kind of value cannot pass for another."""

    def __init__(self, secret: str, client_id: str) -> None:
        info = b"motcham cookie v1\0" + client_id.encode()
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())
        self._cipher = AESGCM(key)

    def seal(self, purpose: str, value: dict[str, Any]) -> str:
        """URL-safe text, about 4/3 of the JSON's size plus 38 characters."""
        nonce = os.urandom(_NONCE)
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = nonce + self._cipher.encrypt(nonce, plain, purpose.encode())
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def open(self, purpose: str, text: str) -> dict[str, Any] | None:
        """What was sealed, or None for anything tampered with, foreign, or sealed for another purpose."""
        try:
            raw = base64.b64decode(
                text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True
            )
            plain = self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode())
            value = json.loads(plain)
        except (ValueError, InvalidTag):
            return None
        return value if isinstance(value, dict) else None
