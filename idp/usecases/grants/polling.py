"""What every poll for a citizen's decision is answered with (RFC 8628, section 3.5; CIBA, section 11)."""

from __future__ import annotations

from typing import Protocol

from idp.domain.errors import OAuthError
from idp.domain.models import Client

SLOWER = 5  # seconds added by slow_down


class Polled(Protocol):
    @property
    def client_id(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def interval(self) -> int: ...
    @property
    def expires_at(self) -> int: ...
    @property
    def polled_at(self) -> int | None: ...


def problem(client: Client, found: Polled | None, now: int) -> OAuthError | None:
    """None when the tokens may be issued."""
    if found is None or found.client_id != client.client_id or found.state == "used":
        return OAuthError("invalid_grant", "unknown, another client's, or used before")
    if found.expires_at <= now:
        return OAuthError("expired_token", "it is over")
    if found.state == "denied":
        return OAuthError("access_denied", "the citizen refused")
    if found.state == "failed":
        return OAuthError("transaction_failed", "the citizen cannot give what was asked for")
    if found.state == "approved":
        return None
    if found.polled_at is not None and now - found.polled_at < found.interval:
        return OAuthError("slow_down", f"poll less often: the interval grew by {SLOWER} seconds")
    return OAuthError("authorization_pending", "the citizen has not decided yet")


def next_interval(found: Polled, answer: OAuthError) -> int | None:
    """Seconds from now on, None where the poll need not be remembered."""
    if answer.code not in ("slow_down", "authorization_pending"):
        return None
    return found.interval + (SLOWER if answer.code == "slow_down" else 0)
