"""Enrolments under way; a change of state is one conditional write."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from idp.domain.models import Enrolment
from idp.store.prepared import Prepared
from idp.store.profiles import Cipher, seal, unseal
from idp.store.tables import enrolments

_CLOSED = ("done",)
OPEN_OF = Prepared(
    select(enrolments)
    .where(enrolments.c.browser_hash == bindparam("browser"))
    .where(enrolments.c.expires_at > bindparam("now"))
    .order_by(enrolments.c.created_at.desc(), enrolments.c.enrolment_id)
    .limit(1)
)


class SqlEnrolments:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, enrolment: Enrolment) -> None:
        self._db.execute(insert(enrolments).values(self._values(enrolment)))

    def get(self, enrolment_id: str) -> Enrolment | None:
        row = self._db.execute(select(enrolments).where(enrolments.c.enrolment_id == enrolment_id)).first()
        return self._enrolment(row._asdict()) if row else None

    def open_of(self, browser_hash: str, now: int) -> Enrolment | None:
        row = OPEN_OF.first(self._db, browser=browser_hash, now=now)
        return self._enrolment(row) if row and row["state"] not in _CLOSED else None

    def update(self, enrolment: Enrolment, *, was: str) -> bool:
        mine = (enrolments.c.enrolment_id == enrolment.enrolment_id) & (enrolments.c.state == was)
        return self._db.execute(update(enrolments).where(mine).values(self._values(enrolment))).rowcount == 1

    def in_state(self, state: str) -> list[Enrolment]:
        query = select(enrolments).where(enrolments.c.state == state).order_by(enrolments.c.created_at)
        return [self._enrolment(row._asdict()) for row in self._db.execute(query)]

    def count_since(self, since: int) -> int:
        query = select(func.count()).select_from(enrolments).where(enrolments.c.created_at >= since)
        return self._db.execute(query).scalar_one()

    def expired(self, now: int, limit: int) -> list[Enrolment]:
        over = (enrolments.c.expires_at <= now) & enrolments.c.state.not_in(_CLOSED)
        return [
            self._enrolment(row._asdict())
            for row in self._db.execute(select(enrolments).where(over).limit(limit))
        ]

    def _values(self, enrolment: Enrolment) -> dict[str, Any]:
        profile = enrolment.profile
        return {
            "enrolment_id": enrolment.enrolment_id,
            "browser_hash": enrolment.browser_hash,
            "check_id": enrolment.check_id,
            "state": enrolment.state,
            "challenge": list(enrolment.challenge),
            "created_at": enrolment.created_at,
            "expires_at": enrolment.expires_at,
            "code": enrolment.code,
            "profile": seal(self._cipher, profile, enrolment.enrolment_id) if profile else None,
            "level": enrolment.level,
            "account_id": enrolment.account_id,
            "decision": enrolment.decision,
        }

    def _enrolment(self, values: dict[str, Any]) -> Enrolment:
        values["challenge"] = tuple(values["challenge"])
        if values["profile"] is not None:
            values["profile"] = unseal(self._cipher, bytes(values["profile"]), values["enrolment_id"])
        return Enrolment(**values)
