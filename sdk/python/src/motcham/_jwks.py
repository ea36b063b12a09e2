"""The provider's signing keys: cached, fetched again when an unknown key shows up, within a budget."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import jwt

from .errors import ProviderError

_LIFETIME = 3600.0  # seconds; a key that the provider withdrew is forgotten after this
_REFETCHES, _WINDOW = 5, 60.0  # unknown key ids may cause this many fetches in so many seconds

# algorithm -> (kty, crv) of RFC 7518 and RFC 8037; crv None means any
_KEY_SHAPE: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "ES256": ("EC", ("P-256",)),
    "ES384": ("EC", ("P-384",)),
    "ES512": ("EC", ("P-521",)),
    "EdDSA": ("OKP", ("Ed25519", "Ed448")),
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), ("RSA", None)),
}


def matching_keys(document: object, kid: str | None, algorithm: str) -> list[jwt.PyJWK]:
    """Keys of a JWK Set (RFC 7517) that may have signed: same ``kid`` (if stated), type and curve.

    Keys for encryption, of another ``alg``, or that cannot be read are passed over.
    """
    keys = document.get("keys") if isinstance(document, Mapping) else None
    found = []
    for jwk in keys if isinstance(keys, list) else []:
        if not isinstance(jwk, dict) or not _fits(jwk, kid, algorithm):
            continue
        try:
            found.append(jwt.PyJWK(jwk, algorithm=algorithm))
        except jwt.PyJWTError:
            continue
    return found


def _fits(jwk: dict[str, Any], kid: str | None, algorithm: str) -> bool:
    kty, curves = _KEY_SHAPE[algorithm]
    return (
        (kid is None or jwk.get("kid") == kid)
        and jwk.get("kty") == kty
        and (curves is None or jwk.get("crv") in curves)
        and jwk.get("use", "sig") == "sig"
        and jwk.get("alg", algorithm) == algorithm
    )


class KeyCache:
    """Keys of one ``jwks_uri``. ``fetch`` returns the parsed JWK Set or raises ProviderError."""

    def __init__(self, fetch: Callable[[], object], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._document: object = None
        self._fetched_at: float | None = None
        self._misses: deque[float] = deque(maxlen=_REFETCHES)

    def keys(self, kid: str | None, algorithm: str) -> list[jwt.PyJWK]:
        """The keys to try; empty when even a fresh set has none, or the budget for asking is spent."""
        fresh = self._fetched_at is not None and self._clock() - self._fetched_at < _LIFETIME
        if not fresh:
            self._refresh()
        found = matching_keys(self._document, kid, algorithm)
        if not found and fresh and self._may_refetch():
            self._refresh()
            found = matching_keys(self._document, kid, algorithm)
        return found

    def _refresh(self) -> None:
        try:
            document = self._fetch()
        except ProviderError:
            if self._document is None:
                raise
            return  # an old set is better than none while the provider is away
        with self._lock:
            self._document = document
            self._fetched_at = self._clock()

    def _may_refetch(self) -> bool:
        now = self._clock()
        with self._lock:
            if len(self._misses) == _REFETCHES and now - self._misses[0] < _WINDOW:
                return False
            self._misses.append(now)
            return True
