"""Clients' published keys (``jwks_uri``), kept for a while."""

from __future__ import annotations

import json
from collections.abc import Callable
from threading import Lock
from typing import Any

from idp.ports import Fetcher

_KEEP = 3600  # seconds
_AGAIN = 60  # an unknown kid asks the client again at most this often (OpenID Connect Core, 10.1.1)
_MOST = 1000  # sets


class CachedKeySets:
    """Implements ``ports.KeySets``."""

    def __init__(self, fetcher: Fetcher, clock: Callable[[], int]) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[str, tuple[int, list[dict[str, Any]]]] = {}

    def keys(self, uri: str, kid: str | None) -> list[dict[str, Any]]:
        now = self._clock()
        with self._lock:
            at, keys = self._kept.get(uri, (0, []))
        known = kid is None or any(key.get("kid") == kid for key in keys)
        if now - at < (_KEEP if known else _AGAIN):
            return keys
        keys = _parse(self._fetcher.fetch(uri, accept="application/jwk-set+json, application/json"))
        with self._lock:
            if len(self._kept) >= _MOST:
                self._kept.pop(next(iter(self._kept)))
            self._kept[uri] = (now, keys)
        return keys


def _parse(body: bytes) -> list[dict[str, Any]]:
    try:
        keys = json.loads(body)["keys"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("not a JWK set") from None
    if not isinstance(keys, list):
        raise ValueError("not a JWK set")
    return [key for key in keys if isinstance(key, dict)]
