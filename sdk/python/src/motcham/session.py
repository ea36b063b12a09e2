"""The citizen's session in this app, and its home in encrypted cookies: nothing to store on the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ._sealed import SealedBox, SetCookie
from .errors import SessionTooLarge
from .models import Citizen, level_of

CHUNK = 3800  # characters; name and attributes fit beside it into a browser's 4096
MAX_CHUNKS = 2  # common proxies refuse a Cookie header above 8 KB
_PURPOSE = "session v1"  # to be raised with every change of what is sealed


@dataclass(frozen=True, slots=True, repr=False)
class Session:
    """Who is signed in. Times in seconds since 1970.

    claims: ID token and userinfo, without those about the token itself.
    scope: granted scopes. id_token: kept for the hint at sign-out, None when it would not fit.
    """

    claims: dict[str, Any]
    scope: tuple[str, ...]
    id_token: str | None
    created: int
    expires: int
    citizen: Citizen = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "citizen", Citizen.from_claims(self.claims))

    @property
    def level(self) -> int:
        return level_of(self.claims.get("acr"))

    @property
    def authenticated_at(self) -> float:
        """When the citizen last proved who they are; the session's start when the provider is silent."""
        value = self.claims.get("auth_time")
        return value if isinstance(value, int | float) else self.created


def to_json(session: Session) -> dict[str, Any]:
    return {name: getattr(session, name) for name in ("claims", "scope", "id_token", "created", "expires")}


def from_json(value: Mapping[str, Any]) -> Session:
    return Session(
        value["claims"], tuple(value["scope"]), value["id_token"], value["created"], value["expires"]
    )


class CookieSessions:
    """Reads and writes sessions as cookies ``name``, ``name.1``, ... Callers apply the SetCookies."""

    def __init__(self, box: SealedBox, name: str) -> None:
        self._box = box
        self._name = name

    def load(self, cookies: Mapping[str, str], now: float) -> Session | None:
        """The session, or None when there is none, it is over, or it was tampered with."""
        text = "".join(cookies[name] for name in self._present(cookies))
        value = self._box.open(_PURPOSE, text) if text else None
        if value is None or value["expires"] <= now:
            return None
        return from_json(value)

    def save(self, session: Session, cookies: Mapping[str, str], now: float) -> list[SetCookie]:
        """Cookies for ``session``; left-over chunks of an older one are deleted.

        The ID token is dropped first when room is short; raises SessionTooLarge if that is not enough.
        """
        text = self._seal(session)
        if len(text) > CHUNK * MAX_CHUNKS:
            text = self._seal(replace(session, id_token=None))
        if len(text) > CHUNK * MAX_CHUNKS:
            raise SessionTooLarge("session_too_large", f"claims fill over {CHUNK * MAX_CHUNKS} characters")
        chunks = [text[i : i + CHUNK] for i in range(0, len(text), CHUNK)]
        life = max(1, int(session.expires - now))
        kept = [SetCookie(self._chunk(i), chunk, life) for i, chunk in enumerate(chunks)]
        return kept + [SetCookie(n, "", 0) for n in self._present(cookies)[len(chunks) :]]

    def clear(self, cookies: Mapping[str, str]) -> list[SetCookie]:
        """Deletes whatever the browser sent of a session."""
        return [SetCookie(name, "", 0) for name in self._present(cookies)]

    def _seal(self, session: Session) -> str:
        return self._box.seal(_PURPOSE, to_json(session))

    def _chunk(self, index: int) -> str:
        return f"{self._name}.{index}" if index else self._name

    def _present(self, cookies: Mapping[str, str]) -> list[str]:
        names = []
        for index in range(MAX_CHUNKS):
            if self._chunk(index) not in cookies:
                break
            names.append(self._chunk(index))
        return names
