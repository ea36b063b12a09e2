"""The installation's secret: encryption at rest, keyed hashes, CSRF tokens. Lost key, lost data."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

_NONCE = 12  # bytes, NIST SP 800-38D, section 8.2.2


class Vault:
    """Implements ``store.profiles.Cipher``. Sub-keys by HKDF (RFC 5869), AES-256-GCM for encryption."""

    def __init__(self, master: bytes) -> None:
        if len(master) != 32:
            raise ValueError("the master key has 32 bytes")
        self._master = master
        self._aead = AESGCM(self.key("encryption"))
        self._hash_key = self.key("fingerprint")

    def key(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose."""
        return HKDFExpand(SHA256(), 32, f"motcham-id/{purpose}".encode()).derive(self._master)

    def encrypt(self, plain: bytes, context: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, plain, context.encode())

    def decrypt(self, sealed: bytes, context: str) -> bytes:
        return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())

    def fingerprint(self, label: str, value: str) -> str:
        return hmac.new(self._hash_key, f"{label}\0{value}".encode(), hashlib.sha256).hexdigest()


def open_vault(data: Path) -> Vault:
    """The vault of a data folder; the key is made once, readable by its owner only."""
    path = data / "secret.key"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # Written whole under another name and linked into place, so that two starts cannot make two keys.
        draft = data / f".secret.{secrets.token_hex(8)}"
        if not path.exists():
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
            os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
    return Vault(path.read_bytes())
