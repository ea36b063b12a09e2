"""Messages on their way to clients: a table is both the queue and its log."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, and_, insert, select, update

from idp.domain.models import Delivery, LogoutDelivery, PingDelivery
from idp.store.tables import logout_deliveries, ping_deliveries

D = TypeVar("D", bound=Delivery)


class _Deliveries(Generic[D]):
    _table: Table
    _kind: type[D]

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def _add(self, now: int, **values: Any) -> None:
        new = {"state": "pending", "attempts": 0, "created_at": now, "next_attempt_at": now}
        self._db.execute(insert(self._table).values(values | new))

    def due(self, now: int) -> bool:
        return self._db.execute(select(self._table.c.id).where(self._due(now)).limit(1)).first() is not None

    def claim(self, now: int, lease: int) -> D | None:
        # The condition stands twice: a second process that waited for the row sees it claimed and takes none.
        table = self._table
        oldest = select(table.c.id).where(self._due(now)).order_by(table.c.next_attempt_at).limit(1)
        mine = and_(table.c.id == oldest.scalar_subquery(), self._due(now))
        values = {"state": "sending", "attempts": table.c.attempts + 1, "next_attempt_at": now + lease}
        row = self._db.execute(update(table).where(mine).values(values).returning(table)).first()
        return self._kind(**row._asdict()) if row else None

    def settle(self, delivery: Delivery, *, state: str, result: str, next_attempt_at: int, now: int) -> None:
        """Writes the attempt's end, unless a later attempt has begun meanwhile."""
        table = self._table
        mine = and_(
            table.c.id == delivery.id, table.c.state == "sending", table.c.attempts == delivery.attempts
        )
        self._db.execute(
            update(table)
            .where(mine)
            .values(
                state=state,
                last_result=result[:64],
                next_attempt_at=next_attempt_at,
                delivered_at=now if state == "delivered" else None,
            )
        )

    def log(self, client_id: str | None, limit: int = 100) -> list[D]:
        query = select(self._table).order_by(self._table.c.id.desc()).limit(limit)
        if client_id is not None:
            query = query.where(self._table.c.client_id == client_id)
        return [self._kind(**row._asdict()) for row in self._db.execute(query)]

    def _due(self, now: int) -> ColumnElement[bool]:
        table = self._table
        return and_(table.c.state.in_(("pending", "sending")), table.c.next_attempt_at <= now)


class SqlLogoutDeliveries(_Deliveries[LogoutDelivery]):
    _table = logout_deliveries
    _kind = LogoutDelivery

    def add(self, client_id: str, account_id: str, sid: str, now: int) -> None:
        self._add(now, client_id=client_id, account_id=account_id, sid=sid)


class SqlPingDeliveries(_Deliveries[PingDelivery]):
    _table = ping_deliveries
    _kind = PingDelivery

    def add(self, client_id: str, auth_req_id_hash: str, now: int) -> None:
        self._add(now, client_id=client_id, auth_req_id_hash=auth_req_id_hash)
