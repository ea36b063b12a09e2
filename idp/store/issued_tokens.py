"""Access and refresh tokens as issued. A token is live while its authorization is."""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import Connection, bindparam, insert, select, update

from idp.domain.models import AccessToken, RefreshToken
from idp.store.prepared import Prepared
from idp.store.tables import access_tokens, authorizations, refresh_tokens

_ACCESS_FIELDS = [f.name for f in fields(AccessToken)]
_REFRESH_FIELDS = [f.name for f in fields(RefreshToken)]

_ADD_ACCESS = Prepared(insert(access_tokens))
_ACCESS = Prepared(
    select(*(access_tokens.c[name] for name in _ACCESS_FIELDS))
    .join(authorizations)
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
_REFRESH = Prepared(select(refresh_tokens).where(refresh_tokens.c.token_hash == bindparam("hash")))
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
_HEIRS = Prepared(
    update(refresh_tokens)
    .where(refresh_tokens.c.authorization_id == bindparam("authorization"))
    .where(refresh_tokens.c.issued_at == bindparam("at"))
    .where(refresh_tokens.c.used_at.is_(None))
    .values(used_at=0)
)


class SqlIssuedTokens:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add_access(self, token: AccessToken) -> None:
        _ADD_ACCESS.run(self._db, **{n: getattr(token, n) for n in _ACCESS_FIELDS}, revoked_at=None)

    def access(self, token_id: str, now: int) -> AccessToken | None:
        row = _ACCESS.first(self._db, id=token_id, now=now)
        if row is None:
            return None
        for name in ("scope", "audience", "authorization_details"):
            row[name] = tuple(row[name]) if row[name] is not None else None
        return AccessToken(**row)

    def revoke_access(self, token_id: str, now: int) -> None:
        _REVOKE_ACCESS.run(self._db, id=token_id, now=now)

    def add_refresh(self, token: RefreshToken) -> None:
        _ADD_REFRESH.run(self._db, **{name: getattr(token, name) for name in _REFRESH_FIELDS})

    def refresh(self, token_hash: str) -> RefreshToken | None:
        row = _REFRESH.first(self._db, hash=token_hash)
        return RefreshToken(**row) if row else None

    def use_refresh(self, token_hash: str, now: int) -> bool:
        """True for the one caller that rotates it."""
        return _USE_REFRESH.run(self._db, hash=token_hash, now=now) == 1

    def replace_lost(self, token: RefreshToken) -> bool:
        """Successors carry the time of the rotation. Both end up with ``used_at`` 0: never in grace again."""
        if _LOST.run(self._db, hash=token.token_hash, at=token.used_at) != 1:
            return False
        return _HEIRS.run(self._db, authorization=token.authorization_id, at=token.used_at) == 1
