"""Signs and verifies our own tokens. Keys are made at first start, parsed once and rotated with overlap."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import jwt

from idp.adapters.key_pairs import ALGORITHMS, KeyPair, load_pair, new_pem
from idp.domain.signing_keys import StoredKey
from idp.tokens import new_id

_RELOAD = 5.0  # seconds after which another process's rotation is noticed


class KeyStore(Protocol):
    def all(self) -> list[StoredKey]:
        """Those that are published, oldest first."""
        ...

    def rotate(self, kid: str, alg: str, pem: bytes, now: int, *, made_before: int) -> bool:
        """Retires the signing keys of ``alg`` made before then and adds a new one; False when there are
        only younger ones, so that of two processes one rotates."""
        ...

    def remove_retired(self, before: int, now: int) -> int:
        """Stops publishing what retired before then; the ``kid`` stays taken."""
        ...


@dataclass(frozen=True, slots=True)
class KeyPolicy:
    """Seconds: how long a key signs (0: until the command), how long it then still verifies."""

    signs: int = 0
    verifies: int = 30 * 24 * 3600


class JwtSigner:
    """Implements ``ports.Signer``. The newest key of an algorithm signs; all published ones verify."""

    def __init__(
        self, store: KeyStore, *, issuer: str, clock: Callable[[], int], policy: KeyPolicy | None = None
    ) -> None:
        self._store = store
        self._issuer = issuer
        self._clock = clock
        self._policy = policy or KeyPolicy()
        self._lock = threading.Lock()
        self._by_kid: dict[str, KeyPair] = {}
        self._signing: dict[str, KeyPair] = {}
        self._jwks: dict[str, Any] = {}
        self.refresh()

    def sign(self, claims: dict[str, Any], *, alg: str, typ: str = "JWT") -> str:
        self._keep_fresh()
        key = self._signing[alg]
        return jwt.encode(claims, key.private, algorithm=alg, headers={"kid": key.kid, "typ": typ})

    def verify(self, token: str, *, typ: str, audience: str | None, leeway: int = 0) -> dict[str, Any]:
        """``audience`` None skips that check. Raises ValueError for anything but a token we signed."""
        self._keep_fresh()
        try:
            header = jwt.get_unverified_header(token)
            key = self._by_kid[header["kid"]]
            if header.get("typ") != typ:
                raise ValueError("another kind of token")
            options = {"require": ["exp", "iat", "iss"], "verify_aud": audience is not None}
            claims: dict[str, Any] = jwt.decode(
                token,
                key.public,
                algorithms=[key.alg],
                audience=audience,
                issuer=self._issuer,
                leeway=leeway,
                options=options,  # type: ignore[arg-type]
            )
        except (jwt.PyJWTError, KeyError, RecursionError) as error:
            raise ValueError("not a valid token of ours") from error
        return claims

    def jwks(self) -> dict[str, Any]:
        return self._jwks

    def algorithms(self) -> list[str]:
        return list(ALGORITHMS)

    def rotate(self, alg: str | None = None) -> list[str]:
        """A new signing key for ``alg``, or for each algorithm; the new kids."""
        kids = [self._replace(one, made_before=self._clock() + 1) for one in ([alg] if alg else ALGORITHMS)]
        self.refresh()
        return [kid for kid in kids if kid]

    def stale(self) -> bool:
        return time.monotonic() - self._loaded > _RELOAD

    def refresh(self) -> None:
        """Rotates and removes what is due, then reads what is published."""
        with self._lock:
            now = self._clock()
            stored = self._store.all()
            if self._maintain(stored, now):
                stored = self._store.all()
            pairs = [self._pair(row) for row in stored]
            self._by_kid = {pair.kid: pair for pair in pairs}
            self._signing = {pair.alg: pair for pair in pairs if pair.retired_at is None}
            self._jwks = {"keys": [pair.jwk for pair in pairs]}
            self._loaded = time.monotonic()

    def _keep_fresh(self) -> None:
        if self.stale():
            self.refresh()

    def _maintain(self, stored: list[StoredKey], now: int) -> bool:
        """True when the store has changed."""
        policy, changed = self._policy, False
        due = now - policy.signs if policy.signs else 0
        for alg in ALGORITHMS:
            newest = max((k.created_at for k in stored if k.alg == alg and k.retired_at is None), default=-1)
            if newest < due or newest < 0:
                self._replace(alg, made_before=due)
                changed = True
        if any(k.retired_at is not None and k.retired_at < now - policy.verifies for k in stored):
            self._store.remove_retired(now - policy.verifies, now)
            changed = True
        return changed

    def _replace(self, alg: str, *, made_before: int) -> str | None:
        kid = new_id()
        done = self._store.rotate(kid, alg, new_pem(alg), self._clock(), made_before=made_before)
        return kid if done else None

    def _pair(self, row: StoredKey) -> KeyPair:
        known = self._by_kid.get(row.kid)
        if known is not None:
            return replace(known, retired_at=row.retired_at)
        return load_pair(row.kid, row.alg, row.pem, row.created_at, row.retired_at)
