"""Access and refresh tokens as issued. A token is live while its authorization is."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, insert, select, update

from idp.domain.models import AccessToken, RefreshToken
from idp.store.tables import access_tokens, authorizations, refresh_tokens


class SqlIssuedTokens:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add_access(self, token: AccessToken) -> None:
        values = asdict(token) | {"scope": list(token.scope), "audience": list(token.audience)}
        self._db.execute(insert(access_tokens).values(values))

    def access(self, token_id: str, now: int) -> AccessToken | None:
        query = (
            select(access_tokens)
            .join(authorizations)
            .where(access_tokens.c.token_id == token_id)
            .where(access_tokens.c.expires_at > now)
            .where(access_tokens.c.revoked_at.is_(None))
            .where(authorizations.c.revoked_at.is_(None))
        )
        row = self._db.execute(query).first()
        if row is None:
            return None
        values = row._asdict()
        values.pop("revoked_at")
        for name in ("scope", "audience", "authorization_details"):
            values[name] = tuple(values[name]) if values[name] is not None else None
        return AccessToken(**values)

    def revoke_access(self, token_id: str, now: int) -> None:
        mine = access_tokens.c.token_id == token_id
        self._db.execute(update(access_tokens).where(mine).values(revoked_at=now))

    def add_refresh(self, token: RefreshToken) -> None:
        self._db.execute(insert(refresh_tokens).values(asdict(token)))

    def refresh(self, token_hash: str) -> RefreshToken | None:
        row = self._db.execute(
            select(refresh_tokens).where(refresh_tokens.c.token_hash == token_hash)
        ).first()
        return RefreshToken(**row._asdict()) if row else None

    def use_refresh(self, token_hash: str, now: int) -> bool:
        """True for the one caller that rotates it."""
        unused = (refresh_tokens.c.token_hash == token_hash) & refresh_tokens.c.used_at.is_(None)
        return self._db.execute(update(refresh_tokens).where(unused).values(used_at=now)).rowcount == 1

    def replace_lost(self, token: RefreshToken) -> bool:
        """Successors carry the time of the rotation. Both end up with ``used_at`` 0: never in grace again."""
        mine = (refresh_tokens.c.token_hash == token.token_hash) & (refresh_tokens.c.used_at == token.used_at)
        heirs = (
            (refresh_tokens.c.authorization_id == token.authorization_id)
            & (refresh_tokens.c.issued_at == token.used_at)
            & refresh_tokens.c.used_at.is_(None)
        )
        if self._db.execute(update(refresh_tokens).where(mine).values(used_at=0)).rowcount != 1:
            return False
        return self._db.execute(update(refresh_tokens).where(heirs).values(used_at=0)).rowcount == 1
