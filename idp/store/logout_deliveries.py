"""Back-channel logout deliveries: the queue and its log in one table."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from idp.domain.models import LogoutDelivery
from idp.store.tables import logout_deliveries as table


class SqlLogoutDeliveries:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, client_id: str, account_id: str, sid: str, now: int) -> None:
        self._db.execute(
            insert(table).values(
                client_id=client_id,
                account_id=account_id,
                sid=sid,
                state="pending",
                attempts=0,
                created_at=now,
                next_attempt_at=now,
            )
        )

    def due(self, now: int) -> bool:
        return self._db.execute(select(table.c.id).where(_due(now)).limit(1)).first() is not None

    def claim(self, now: int, lease: int) -> LogoutDelivery | None:
        # The condition stands twice: a second process that waited for the row sees it claimed and takes none.
        oldest = select(table.c.id).where(_due(now)).order_by(table.c.next_attempt_at).limit(1)
        mine = and_(table.c.id == oldest.scalar_subquery(), _due(now))
        values = {"state": "sending", "attempts": table.c.attempts + 1, "next_attempt_at": now + lease}
        row = self._db.execute(update(table).where(mine).values(values).returning(table)).first()
        return LogoutDelivery(**row._asdict()) if row else None

    def settle(
        self, delivery: LogoutDelivery, *, state: str, result: str, next_attempt_at: int, now: int
    ) -> None:
        """Writes the attempt's end, unless a later attempt has begun meanwhile."""
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

    def log(self, client_id: str | None, limit: int = 100) -> list[LogoutDelivery]:
        query = select(table).order_by(table.c.id.desc()).limit(limit)
        if client_id is not None:
            query = query.where(table.c.client_id == client_id)
        return [LogoutDelivery(**row._asdict()) for row in self._db.execute(query)]


def _due(now: int) -> ColumnElement[bool]:
    return and_(table.c.state.in_(("pending", "sending")), table.c.next_attempt_at <= now)
