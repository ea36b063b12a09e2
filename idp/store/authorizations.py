"""Authorizations and the codes that redeem them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from idp.domain.models import Authorization, AuthorizationCode
from idp.store.tables import authorizations, codes


class SqlAuthorizations:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, authorization: Authorization) -> None:
        self._db.execute(insert(authorizations).values(_plain(asdict(authorization))))

    def get(self, authorization_id: str) -> Authorization | None:
        wanted = authorizations.c.authorization_id == authorization_id
        row = self._db.execute(select(authorizations).where(wanted)).first()
        return _authorization(row) if row else None

    def of_session(self, sid: str) -> list[Authorization]:
        rows = self._db.execute(select(authorizations).where(authorizations.c.sid == sid))
        return [_authorization(row) for row in rows]

    def revoke(self, authorization_id: str, now: int) -> bool:
        mine = authorizations.c.authorization_id == authorization_id
        live = mine & authorizations.c.revoked_at.is_(None)
        return self._db.execute(update(authorizations).where(live).values(revoked_at=now)).rowcount == 1

    def revoke_for_client(self, account_id: str, client_id: str, now: int) -> None:
        mine = (authorizations.c.account_id == account_id) & (authorizations.c.client_id == client_id)
        live = mine & authorizations.c.revoked_at.is_(None)
        self._db.execute(update(authorizations).where(live).values(revoked_at=now))

    def revoke_for_account(self, account_id: str, now: int) -> None:
        live = (authorizations.c.account_id == account_id) & authorizations.c.revoked_at.is_(None)
        self._db.execute(update(authorizations).where(live).values(revoked_at=now))

    def add_code(self, code: AuthorizationCode) -> None:
        self._db.execute(insert(codes).values(asdict(code)))

    def redeem(self, code_hash: str, now: int) -> AuthorizationCode | None:
        unused = (codes.c.code_hash == code_hash) & codes.c.used_at.is_(None)
        row = self._db.execute(update(codes).where(unused).values(used_at=now).returning(codes)).first()
        if row is None:
            return None
        values = row._asdict()
        values.pop("used_at")
        return AuthorizationCode(**values)

    def of_used_code(self, code_hash: str) -> str | None:
        """The authorization of a code that was redeemed before."""
        query = select(codes.c.authorization_id).where(codes.c.code_hash == code_hash)
        return self._db.execute(query).scalar_one_or_none()


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _authorization(row: Row[Any]) -> Authorization:
    values: dict[str, Any] = row._asdict()
    for name in ("scope", "amr", "resources", "authorization_details"):
        values[name] = tuple(values[name])
    return Authorization(**values)
