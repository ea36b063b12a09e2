"""What CIBA needs from outside, besides ``ports.py``."""

from __future__ import annotations

from typing import Protocol

from idp.domain.models import BackchannelRequest, Ping


class BackchannelRequests(Protocol):
    """CIBA: who polls, what the citizen decided."""

    def add(self, request: BackchannelRequest) -> None: ...
    def get(self, auth_req_id_hash: str) -> BackchannelRequest | None: ...
    def waiting(self, account_id: str, now: int) -> list[BackchannelRequest]:
        """Those the citizen has not decided, oldest first."""
        ...

    def decide(self, auth_req_id_hash: str, now: int, *, state: str, authorization_id: str | None) -> bool:
        """True for the one caller that decides an open request."""
        ...

    def polled(self, auth_req_id_hash: str, now: int, interval: int) -> None: ...
    def use(self, auth_req_id_hash: str) -> bool:
        """True for the one caller that gets the tokens."""
        ...


class SilencedApps(Protocol):
    """Apps whose backchannel requests a citizen does not want to see."""

    def add(self, account_id: str, client_id: str, now: int) -> None: ...
    def remove(self, account_id: str, client_id: str) -> None: ...
    def of(self, account_id: str) -> list[str]:
        """Their client_ids."""
        ...


class Subjects(Protocol):
    """Which citizen a client means by a ``sub``."""

    def remember(self, client_id: str, subject: str, account_id: str) -> None: ...
    def account_id(self, client_id: str, subject: str) -> str | None: ...


class PingSender(Protocol):
    def ping(self, uri: str, ping: Ping) -> str:
        """Posts it (CIBA, section 10.2), bounded in time, without following redirects: the HTTP status as
        text, or the name of a network failure."""
        ...
