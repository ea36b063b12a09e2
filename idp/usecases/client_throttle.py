"""Failed client authentication is counted by client and address: guessing ends, and a stranger who fails
in a client's name elsewhere locks nobody out.

Each process learns of a block at a failure, from the counts that all share, so a client that proves itself
costs no look at the store.
"""

from __future__ import annotations

from idp.domain.errors import OAuthError
from idp.usecases import throttle
from idp.usecases.authenticate_client import ClientCredentials
from idp.usecases.services import Services

MAX_FAILURES, WINDOW = 20, 15 * 60  # failures in that many seconds


def refuse_blocked(services: Services, offered: ClientCredentials, address: str) -> None:
    """Raises OAuthError("too_many_attempts") with status 429."""
    if not services.blocked:
        return  # the rule, and it costs nothing
    wait = services.blocked.until(_key(offered, address)) - services.clock()
    if wait > 0:
        description = "authentication failed too often: see Retry-After"
        raise OAuthError("too_many_attempts", description, status=429, retry_after=wait)


def count_failure(services: Services, offered: ClientCredentials, address: str) -> None:
    key, now = _key(offered, address), services.clock()
    with services.store.begin() as tx:
        if tx.clients.get(offered.client_id) is None:
            return  # nothing to guess, and nobody fills the table with names
        tx.throttle.lock(key)
        tx.throttle.record(key, now)
        failed = tx.throttle.failures(key, now - WINDOW)
    if failed >= MAX_FAILURES:
        services.blocked.add(key, now + WINDOW)


def _key(offered: ClientCredentials, address: str) -> str:
    return f"client:{offered.client_id}:{throttle.network(address)}"
