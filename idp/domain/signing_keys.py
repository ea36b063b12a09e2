"""A signing key as it is kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A published key; ``pem`` is PKCS#8, ``retired_at`` is set once it only verifies (Unix seconds)."""

    kid: str
    alg: str
    pem: bytes
    created_at: int
    retired_at: int | None
