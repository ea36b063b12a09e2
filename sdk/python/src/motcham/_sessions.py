"""The app's sessions, in cookies or on the server, and their end by a sign-out elsewhere."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ._logout_token import SKEW, Logout
from ._sealed import SealedBox, SetCookie
from .session import CookieSessions, Session, from_json, to_json
from .stores import Record, SessionStore

_PURPOSE = "stored session v1"


class Sessions(Protocol):
    """Callers apply the SetCookies."""

    def load(self, cookies: Mapping[str, str], now: float) -> Session | None: ...

    def save(self, session: Session, cookies: Mapping[str, str], now: float) -> list[SetCookie]: ...

    def clear(self, cookies: Mapping[str, str]) -> list[SetCookie]: ...

    def end(self, logout: Logout, now: float) -> None: ...


@dataclass(slots=True)
class EndableCookies:
    """Sessions in cookies. What ended elsewhere is remembered in this process only."""

    inner: CookieSessions
    seconds: int  # that a session lasts
    _sids: dict[str, float] = field(default_factory=dict)  # -> when it may be forgotten
    _subs: dict[str, tuple[float, float]] = field(default_factory=dict)  # -> (began up to, the same)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def load(self, cookies: Mapping[str, str], now: float) -> Session | None:
        session = self.inner.load(cookies, now)
        if session is None or session.claims.get("sid") in self._sids:
            return None
        ended = self._subs.get(session.citizen.sub)
        return None if ended and session.created <= ended[0] else session

    def save(self, session: Session, cookies: Mapping[str, str], now: float) -> list[SetCookie]:
        return self.inner.save(session, cookies, now)

    def clear(self, cookies: Mapping[str, str]) -> list[SetCookie]:
        return self.inner.clear(cookies)

    def end(self, logout: Logout, now: float) -> None:
        with self._lock:
            for sid in [sid for sid, until in self._sids.items() if until <= now]:
                del self._sids[sid]
            for sub in [sub for sub, (_, until) in self._subs.items() if until <= now]:
                del self._subs[sub]
            if logout.sid:
                self._sids[logout.sid] = now + self.seconds
            elif logout.sub:
                self._subs[logout.sub] = (logout.issued + SKEW, now + self.seconds)


class StoredSessions:
    """Sessions in a store; the browser has a cookie of 256 random bits."""

    def __init__(self, box: SealedBox, name: str, store: SessionStore) -> None:
        self._box = box
        self._name = f"{name}-s"
        self._store = store

    def load(self, cookies: Mapping[str, str], now: float) -> Session | None:
        key = self._key(cookies)
        sealed = self._store.read(key) if key else None
        value = self._box.open(_PURPOSE + (key or ""), sealed) if sealed else None
        return from_json(value) if value and value["expires"] > now else None

    def save(self, session: Session, cookies: Mapping[str, str], now: float) -> list[SetCookie]:
        """Under a new key at every sign-in; the browser's earlier session ends."""
        self.clear(cookies)
        secret = secrets.token_urlsafe(32)
        key, sid = _hash(secret), session.claims.get("sid")
        sealed = self._box.seal(_PURPOSE + key, to_json(session))
        sub = _hash(session.citizen.sub)
        self._store.write(
            Record(key, sealed, sub, _hash(sid) if sid else None, session.created, session.expires)
        )
        return [SetCookie(self._name, secret, max(1, int(session.expires - now)))]

    def clear(self, cookies: Mapping[str, str]) -> list[SetCookie]:
        key = self._key(cookies)
        if key is None:
            return []
        self._store.remove(key)
        return [SetCookie(self._name, "", 0)]

    def end(self, logout: Logout, now: float) -> None:
        self._store.end(
            sub=_hash(logout.sub) if logout.sub else None,
            sid=_hash(logout.sid) if logout.sid else None,
            before=logout.issued + SKEW,
        )

    def _key(self, cookies: Mapping[str, str]) -> str | None:
        secret = cookies.get(self._name)
        return _hash(secret) if secret else None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
