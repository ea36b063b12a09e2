"""Access and refresh tokens as issued. A token is live while its authorization is."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, exists, insert, select, update

from idp.domain.models import AccessToken, Authorization, RefreshToken
from idp.store.authorizations import authorization_of
from idp.store.prepared import Prepared
from idp.store.tables import access_tokens, authorizations, refresh_tokens

_ACCESS_FIELDS = [f.name for f in fields(AccessToken)]
_REFRESH_FIELDS = [f.name for f in fields(RefreshToken)]

_OF = "of_authorization_"


def _joined(table: Table, names: list[str]) -> Select[Any]:
    """A token with its authorization, whose columns get a prefix."""
    own = [table.c[name] for name in names]
    return select(*own, *(column.label(_OF + column.key) for column in authorizations.columns)).join(
        authorizations
    )


def _split(row: dict[str, Any]) -> tuple[dict[str, Any], Authorization]:
    authorization = {name.removeprefix(_OF): row.pop(name) for name in list(row) if name.startswith(_OF)}
    return row, authorization_of(authorization)


_ADD_ACCESS = Prepared(insert(access_tokens))
ACCESS = Prepared(
    _joined(access_tokens, _ACCESS_FIELDS)
    .where(access_tokens.c.token_id == bindparam("id"))
    .where(access_tokens.c.expires_at > bindparam("now"))
    .where(access_tokens.c.revoked_at.is_(None))
    .where(authorizations.c.revoked_at.is_(None))
)
_REVOKE_ACCESS = Prepared(
    update(access_tokens)
    .where(access_tokens.c.token_id == bindparam("id"))
    .values(revoked_at=bindparam("now"))
)
_ADD_REFRESH = Prepared(insert(refresh_tokens))
REFRESH = Prepared(
    _joined(refresh_tokens, _REFRESH_FIELDS).where(refresh_tokens.c.token_hash == bindparam("hash"))
)
_USE_REFRESH = Prepared(
    update(refresh_tokens)
    .where((refresh_tokens.c.token_hash == bindparam("hash")) & refresh_tokens.c.used_at.is_(None))
    .values(used_at=bindparam("now"))
)
_LOST = Prepared(
    update(refresh_tokens)
    .where(refresh_tokens.c.token_hash == bindparam("hash"))
    .where(refresh_tokens.c.used_at == bindparam("at"))
    .values(used_at=0)
)
_other = refresh_tokens.alias()
_HEIRS = Prepared(  # times are whole seconds: a successor used within the same one betrays itself too
    update(refresh_tokens)
    .where(refresh_tokens.c.authorization_id == bindparam("authorization"))
    .where(refresh_tokens.c.issued_at == bindparam("at"))
    .where(refresh_tokens.c.used_at.is_(None))
    .where(
        ~exists()
        .where(_other.c.authorization_id == refresh_tokens.c.authorization_id)
        .where(_other.c.issued_at >= refresh_tokens.c.issued_at)
        .where(_other.c.used_at > 0)
    )
    .values(used_at=0)
)


class SqlIssuedTokens:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add_access(self, token: AccessToken) -> None:
        _ADD_ACCESS.later(self._db, **{n: getattr(token, n) for n in _ACCESS_FIELDS}, revoked_at=None)

    def access(self, token_id: str, now: int) -> tuple[AccessToken, Authorization] | None:
        row = ACCESS.first(self._db, id=token_id, now=now)
        if row is None:
            return None
        own, authorization = _split(row)
        for name in ("scope", "audience", "authorization_details"):
            own[name] = tuple(own[name]) if own[name] is not None else None
        return AccessToken(**own), authorization

    def revoke_access(self, token_id: str, now: int) -> None:
        _REVOKE_ACCESS.run(self._db, id=token_id, now=now)

    def add_refresh(self, token: RefreshToken) -> None:
        _ADD_REFRESH.later(self._db, **{name: getattr(token, name) for name in _REFRESH_FIELDS})

    def refresh(self, token_hash: str) -> tuple[RefreshToken, Authorization] | None:
        row = REFRESH.first(self._db, hash=token_hash)
        if row is None:
            return None
        own, authorization = _split(row)
        return RefreshToken(**own), authorization

    def use_refresh(self, token_hash: str, now: int, lost: Exception) -> None:
        _USE_REFRESH.later(self._db, lost=lost, hash=token_hash, now=now)

    def replace_lost(self, token: RefreshToken) -> bool:
        """Successors carry the time of the rotation. Both end up with ``used_at`` 0: never in grace again."""
        if _LOST.run(self._db, hash=token.token_hash, at=token.used_at) != 1:
            return False
        return _HEIRS.run(self._db, authorization=token.authorization_id, at=token.used_at) == 1
