"""Authorizations and the codes that redeem them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, bindparam, exists, insert, or_, select, update

from idp.domain.models import Authorization, AuthorizationCode
from idp.store.prepared import Prepared
from idp.store.tables import access_tokens, authorizations, codes, refresh_tokens

_FIELDS = [f.name for f in fields(Authorization)]
_TUPLES = ("scope", "amr", "resources", "authorization_details")

_ID = authorizations.c.authorization_id == bindparam("id")
_ADD = Prepared(insert(authorizations))
GET = Prepared(select(authorizations).where(_ID))
_REVOKE = Prepared(
    update(authorizations)
    .where(_ID & authorizations.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_CODE = codes.c.code_hash == bindparam("hash")
_ADD_CODE = Prepared(insert(codes))
CODE = Prepared(select(codes).where(_CODE))
_USE_CODE = Prepared(update(codes).where(_CODE & codes.c.used_at.is_(None)).values(used_at=bindparam("now")))


class SqlAuthorizations:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, authorization: Authorization) -> None:
        _ADD.later(self._db, **{name: getattr(authorization, name) for name in _FIELDS})

    def get(self, authorization_id: str) -> Authorization | None:
        row = GET.first(self._db, id=authorization_id)
        return authorization_of(row) if row else None

    def of_session(self, sid: str) -> list[Authorization]:
        rows = self._db.execute(select(authorizations).where(authorizations.c.sid == sid))
        return [authorization_of(row._asdict()) for row in rows]

    def with_details(self, account_id: str, now: int) -> list[Authorization]:
        mine = (authorizations.c.account_id == account_id) & authorizations.c.revoked_at.is_(None)
        usable = or_(
            exists().where(
                (access_tokens.c.authorization_id == authorizations.c.authorization_id)
                & (access_tokens.c.expires_at > now)
                & access_tokens.c.revoked_at.is_(None)
            ),
            exists().where(
                (refresh_tokens.c.authorization_id == authorizations.c.authorization_id)
                & (refresh_tokens.c.expires_at > now)
                & refresh_tokens.c.used_at.is_(None)
            ),
        )
        newest = select(authorizations).where(mine & usable).order_by(authorizations.c.created_at.desc())
        found = (authorization_of(row._asdict()) for row in self._db.execute(newest))
        return [authorization for authorization in found if authorization.authorization_details]

    def revoke(self, authorization_id: str, now: int) -> bool:
        return _REVOKE.run(self._db, id=authorization_id, now=now) == 1

    def revoke_for_client(self, account_id: str, client_id: str, now: int) -> None:
        mine = (authorizations.c.account_id == account_id) & (authorizations.c.client_id == client_id)
        live = mine & authorizations.c.revoked_at.is_(None)
        self._db.execute(update(authorizations).where(live).values(revoked_at=now))

    def revoke_for_account(self, account_id: str, now: int) -> None:
        live = (authorizations.c.account_id == account_id) & authorizations.c.revoked_at.is_(None)
        self._db.execute(update(authorizations).where(live).values(revoked_at=now))

    def add_code(self, code: AuthorizationCode) -> None:
        values = {f.name: getattr(code, f.name) for f in fields(code)}
        _ADD_CODE.later(self._db, **values, used_at=None)

    def code(self, code_hash: str) -> tuple[AuthorizationCode, bool] | None:
        row = CODE.first(self._db, hash=code_hash)
        if row is None:
            return None
        used = row.pop("used_at") is not None
        return AuthorizationCode(**row), used

    def use_code(self, code_hash: str, now: int, lost: Exception) -> None:
        _USE_CODE.later(self._db, lost=lost, hash=code_hash, now=now)


def authorization_of(row: dict[str, Any]) -> Authorization:
    for name in _TUPLES:
        row[name] = tuple(row[name])
    return Authorization(**row)
