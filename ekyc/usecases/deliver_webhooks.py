"""One step of the outgoing queue: claim a message, send it without a transaction, write how it went."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from ekyc.usecases.webhooks import Endpoint, Message, WebhookStore
from ekyc.webhooks.message import GIVEN_UP, MAX_ATTEMPTS, delay
from ekyc.webhooks.signature import headers, secret_of

LEASE = timedelta(seconds=90)  # longer than a sender can take
_LONGEST_PAUSE = timedelta(hours=1)  # between any two attempts at an address that fails
_GONE = "410"  # the receiver says: never again


class Sender(Protocol):
    def post(self, url: str, headers: dict[str, str], body: bytes) -> str:
        """The HTTP status, or the name of what went wrong; never raises."""
        ...


class Deliveries:
    """Any number of threads and processes may call ``deliver_next``: a message goes to one of them."""

    def __init__(
        self, store: WebhookStore, sender: Sender, clock: Callable[[], datetime], key: bytes
    ) -> None:
        """key: what secrets are made of, see ``webhooks.signature``."""
        self._store = store
        self._sender = sender
        self._clock = clock
        self._key = key

    def deliver_next(self) -> bool:
        """False when nothing is due."""
        claimed = self._store.claim(self._clock(), LEASE)
        if claimed is None:
            return False
        message, endpoint = claimed
        signed = headers(message.id, message.body, self._secrets(endpoint), self._clock())
        result = self._sender.post(endpoint.url, signed, message.body.encode())
        self._store.settle(*_settled(message, endpoint, result, self._clock()))
        return True

    def _secrets(self, endpoint: Endpoint) -> list[str]:
        salts = [endpoint.salt]
        if endpoint.old_salt and endpoint.old_until and endpoint.old_until > self._clock():
            salts.append(endpoint.old_salt)
        return [secret_of(self._key, endpoint.id, salt) for salt in salts]


def _settled(message: Message, endpoint: Endpoint, result: str, now: datetime) -> tuple[Message, Endpoint]:
    message = replace(message, last_result=result[:64])
    if len(result) == 3 and result.startswith("2"):
        done = replace(message, state="delivered", delivered_at=now)
        return done, replace(endpoint, failing_since=None)
    failing_since = endpoint.failing_since or now
    endpoint = replace(endpoint, failing_since=failing_since)
    if result == _GONE or now - failing_since >= GIVEN_UP:
        return replace(message, state="dead"), replace(endpoint, disabled_at=now)
    if message.attempts >= MAX_ATTEMPTS:
        return replace(message, state="dead"), endpoint
    outage = min((now - failing_since) / 8, _LONGEST_PAUSE)
    wait = max(delay(message.attempts, secrets.randbelow(1000) / 1000), outage)
    return replace(message, state="pending", next_attempt_at=now + wait), endpoint
