"""Random identifiers and the hashes under which secrets are stored.

Prefixes make a leaked secret recognisable; only its SHA-256 is ever stored.
"""

from __future__ import annotations

import hashlib
import secrets


def new_id() -> str:
    """128 random bits, base64url."""
    return secrets.token_urlsafe(16)


def new_secret(prefix: str) -> str:
    """``prefix`` and 256 random bits, base64url."""
    return f"mc{prefix}_{secrets.token_urlsafe(32)}"


def hash_secret(secret: str) -> str:
    """Hex SHA-256: enough for a secret of 256 random bits, no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()
