"""Where tenants are told of their verifications: endpoints, their secrets, their log."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from ekyc.errors import EkycError
from ekyc.webhooks.address import require_url
from ekyc.webhooks.signature import secret_of

MAX_ENDPOINTS = 5  # of one tenant
BOTH_VALID = timedelta(hours=24)  # the old secret signs too for this long after a new one was made
LOG = 100  # newest messages shown
MessageState = Literal["pending", "sending", "delivered", "dead"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """failing_since: the first of the failures without a success between; disabled_at: it gets nothing."""

    id: str
    tenant: str
    url: str
    salt: str
    created_at: datetime
    old_salt: str | None = None
    old_until: datetime | None = None
    failing_since: datetime | None = None
    disabled_at: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        moments = {name: getattr(self, name) for name in ("created_at", "failing_since", "disabled_at")}
        shown = {name: moment.isoformat() if moment else None for name, moment in moments.items()}
        return {"id": self.id, "url": self.url, **shown}


@dataclass(frozen=True, slots=True)
class Message:
    """One event on its way to one endpoint. last_result: HTTP status, or what went wrong."""

    id: str
    endpoint_id: str
    body: str
    state: MessageState
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    delivered_at: datetime | None = None
    last_result: str = ""

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {
            name: getattr(self, name) for name in ("id", "state", "attempts", "last_result")
        }
        moments = {name: getattr(self, name) for name in ("created_at", "next_attempt_at", "delivered_at")}
        return out | {name: moment.isoformat() if moment else None for name, moment in moments.items()}


class WebhookStore(Protocol):
    """Each method is one transaction."""

    def add(self, endpoint: Endpoint, most: int) -> bool:
        """False when the tenant has so many already."""
        ...

    def of_tenant(self, tenant: str) -> list[Endpoint]: ...

    def remove(self, endpoint_id: str) -> None:
        """With its messages."""
        ...

    def rotate(self, endpoint_id: str, salt: str, old_until: datetime) -> None: ...

    def enable(self, endpoint_id: str) -> None: ...

    def messages(self, endpoint_id: str, most: int) -> list[Message]:
        """Newest first."""
        ...

    def send_again(self, endpoint_id: str, message_id: str, at: datetime) -> bool:
        """A message that has ended, from its first attempt on; False when there is none such."""
        ...

    def claim(self, now: datetime, lease: timedelta) -> tuple[Message, Endpoint] | None:
        """Take the message that is due first; one attempt more. Nobody else gets it within the lease.

        An endpoint gets one message at a time, so that a slow one holds up nobody else's.
        """
        ...

    def settle(self, message: Message, endpoint: Endpoint) -> None:
        """Write how an attempt ended, unless a later one has begun.

        What else waits for the endpoint waits as long as this message; of a disabled endpoint it ends.
        """
        ...


class Webhooks:
    """A tenant's endpoints. Every method that takes ``endpoint_id`` raises EkycError webhook_not_found."""

    def __init__(
        self, store: WebhookStore, clock: Callable[[], datetime], key: bytes, *, private: bool
    ) -> None:
        """key: what secrets are made of. private: http and private addresses are accepted."""
        self._store = store
        self._clock = clock
        self._key = key
        self._private = private

    def create(self, tenant: str, url: str) -> tuple[Endpoint, str]:
        """The endpoint and its signing secret. Raises EkycError webhook_url_refused, webhook_limit."""
        require_url(url, private=self._private)
        endpoint = Endpoint(f"wh_{secrets.token_hex(12)}", tenant, url, secrets.token_hex(16), self._clock())
        if not self._store.add(endpoint, MAX_ENDPOINTS):
            raise EkycError("webhook_limit", f"{MAX_ENDPOINTS} endpoints")
        return endpoint, secret_of(self._key, endpoint.id, endpoint.salt)

    def listed(self, tenant: str) -> list[Endpoint]:
        return self._store.of_tenant(tenant)

    def delete(self, tenant: str, endpoint_id: str) -> None:
        self._store.remove(self._mine(tenant, endpoint_id).id)

    def rotate(self, tenant: str, endpoint_id: str) -> tuple[str, datetime]:
        """A new secret, and until when the one before signs beside it."""
        endpoint, salt = self._mine(tenant, endpoint_id), secrets.token_hex(16)
        until = self._clock() + BOTH_VALID
        self._store.rotate(endpoint.id, salt, until)
        return secret_of(self._key, endpoint.id, salt), until

    def enable(self, tenant: str, endpoint_id: str) -> None:
        """Send to it again, after it was disabled."""
        self._store.enable(self._mine(tenant, endpoint_id).id)

    def log(self, tenant: str, endpoint_id: str) -> list[Message]:
        return self._store.messages(self._mine(tenant, endpoint_id).id, LOG)

    def send_again(self, tenant: str, endpoint_id: str, message_id: str) -> None:
        """A message that was delivered or given up."""
        endpoint = self._mine(tenant, endpoint_id)
        if not self._store.send_again(endpoint.id, message_id, self._clock()):
            raise EkycError("webhook_not_found", "message")

    def _mine(self, tenant: str, endpoint_id: str) -> Endpoint:
        found = next((one for one in self._store.of_tenant(tenant) if one.id == endpoint_id), None)
        if found is None:
            raise EkycError("webhook_not_found")
        return found
