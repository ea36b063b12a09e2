"""The repository of tenants; implements ``usecases.tenants.TenantStore``."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from ekyc.store import tables as t
from ekyc.store.engine import READ_ONLY
from ekyc.usecases.tenants import ApiKey, Tenant


class SqlTenantStore:
    """Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_tenant(self, tenant: Tenant) -> None:
        row = {name: getattr(tenant, name) for name in ("id", "name", "per_day", "concurrent")}
        with self._engine.begin() as connection:
            connection.execute(insert(t.tenants).values(row))

    def tenants(self) -> list[tuple[Tenant, list[ApiKey]]]:
        with self._engine.connect().execution_options(**READ_ONLY) as connection:
            tenants = [Tenant(*row) for row in connection.execute(select(t.tenants).order_by(t.tenants.c.id))]
            keys = [ApiKey(*row) for row in connection.execute(select(t.api_keys).order_by(t.api_keys.c.id))]
        return [(tenant, [key for key in keys if key.tenant_id == tenant.id]) for tenant in tenants]

    def add_key(self, key: ApiKey) -> bool:
        row = {name: getattr(key, name) for name in ("id", "tenant_id", "digest", "created_at")}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(t.api_keys).values(row))
        except IntegrityError:
            return False
        return True

    def key(self, key_id: str) -> tuple[ApiKey, Tenant] | None:
        query = select(t.api_keys, t.tenants).join(t.tenants).where(t.api_keys.c.id == key_id)
        with self._engine.connect().execution_options(**READ_ONLY) as connection:
            row = connection.execute(query).first()
        return (ApiKey(*row[:5]), Tenant(*row[5:])) if row else None

    def revoke(self, key_id: str, at: datetime) -> bool:
        good = (t.api_keys.c.id == key_id) & t.api_keys.c.revoked_at.is_(None)
        with self._engine.begin() as connection:
            return connection.execute(update(t.api_keys).where(good).values(revoked_at=at)).rowcount > 0

    def count_call(self, tenant_id: str, day: date, limit: int | None) -> bool:
        """See the protocol. The row's own lock decides when two calls race for the last place."""
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        days = t.tenant_days
        statement = dialect.insert(days).values(tenant_id=tenant_id, day=day, calls=1)
        statement = statement.on_conflict_do_update(
            index_elements=[days.c.tenant_id, days.c.day],
            set_={"calls": days.c.calls + 1},
            where=None if limit is None else days.c.calls < limit,
        )
        with self._engine.begin() as connection:
            return connection.execute(statement.returning(days.c.calls)).first() is not None
