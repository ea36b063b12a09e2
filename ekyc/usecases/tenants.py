"""Who may use the service, and how much: tenants, their keys, their quotas."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Protocol

from ekyc.errors import EkycError

_VIETNAM = timezone(timedelta(hours=7))
OPERATOR = ""  # the tenant of the operator's own key, and of the embedded engine


@dataclass(frozen=True, slots=True)
class Tenant:
    """per_day: calls that cost work, in a day of Viet Nam; concurrent: at the same time; None: no limit."""

    id: str
    name: str
    per_day: int | None = None
    concurrent: int | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is stored of a key; the secret is random, so a plain SHA-256 of it is enough."""

    id: str
    tenant_id: str
    digest: str
    created_at: datetime
    revoked_at: datetime | None = None


class TenantStore(Protocol):
    """Each method is one transaction."""

    def add_tenant(self, tenant: Tenant) -> None: ...

    def tenants(self) -> list[tuple[Tenant, list[ApiKey]]]: ...

    def add_key(self, key: ApiKey) -> bool:
        """False when there is no such tenant."""
        ...

    def key(self, key_id: str) -> tuple[ApiKey, Tenant] | None: ...

    def revoke(self, key_id: str, at: datetime) -> bool:
        """False when there is no such key that is still good."""
        ...

    def count_call(self, tenant_id: str, day: date, limit: int | None) -> bool:
        """Count one call, False when the day's calls are used up; one atomic write."""
        ...


class Tenants:
    """Thread-safe. Calls at the same time are counted in this process."""

    def __init__(self, store: TenantStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._running: Counter[str] = Counter()
        self._lock = threading.Lock()

    def create(self, name: str, per_day: int | None, concurrent: int | None) -> Tenant:
        tenant = Tenant(f"ten_{secrets.token_hex(8)}", name, per_day, concurrent)
        self._store.add_tenant(tenant)
        return tenant

    def listed(self) -> list[tuple[Tenant, list[ApiKey]]]:
        return self._store.tenants()

    def issue_key(self, tenant_id: str) -> str:
        """The key itself, ``ekyc_ID_SECRET``, which is stored nowhere. Raises EkycError usage."""
        key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
        if not self._store.add_key(ApiKey(key_id, tenant_id, _digest(secret), self._clock())):
            raise EkycError("usage", "no such tenant")
        return f"ekyc_{key_id}_{secret}"

    def revoke_key(self, key_id: str) -> None:
        """At once. Raises EkycError usage."""
        if not self._store.revoke(key_id, self._clock()):
            raise EkycError("usage", "no such key")

    def of_key(self, sent: str) -> Tenant | None:
        """Whose key this is; None for anything else, revoked keys included."""
        prefix, _, rest = sent.partition("_")
        key_id, _, secret = rest.partition("_")
        found = self._store.key(key_id) if prefix == "ekyc" and secret else None
        if found is None or found[0].revoked_at is not None:
            return None
        key, tenant = found
        return tenant if hmac.compare_digest(key.digest, _digest(secret)) else None

    def count_call(self, tenant: Tenant) -> None:
        """One call of the day's. Raises EkycError quota_exceeded."""
        if tenant.id == OPERATOR:
            return
        today = self._clock().astimezone(_VIETNAM).date()
        if not self._store.count_call(tenant.id, today, tenant.per_day):
            raise EkycError("quota_exceeded", "per day")

    @contextmanager
    def at_work(self, tenant: Tenant) -> Iterator[None]:
        """Hold one of the tenant's places. Raises EkycError quota_exceeded."""
        with self._lock:
            if tenant.concurrent is not None and self._running[tenant.id] >= tenant.concurrent:
                raise EkycError("quota_exceeded", "at the same time")
            self._running[tenant.id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[tenant.id] -= 1


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
