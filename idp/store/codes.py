"""Authorization codes and the access tokens that came from them."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select, update

from idp.domain.models import AuthorizationCode
from idp.store.tables import access_tokens, codes

# A used code is kept for an hour past its end, so that a replay can still revoke what came from it.
_KEEP = 3600


class SqlCodes:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, code: AuthorizationCode) -> None:
        old = codes.c.expires_at < code.expires_at - _KEEP
        old_codes = select(codes.c.code_hash).where(old)
        self._db.execute(delete(access_tokens).where(access_tokens.c.code_hash.in_(old_codes)))
        self._db.execute(delete(codes).where(old))
        values = asdict(code) | {"scope": list(code.scope), "amr": list(code.amr)}
        self._db.execute(insert(codes).values(values))

    def redeem(self, code_hash: str, now: int) -> AuthorizationCode | None:
        unused = (codes.c.code_hash == code_hash) & codes.c.used_at.is_(None)
        row = self._db.execute(update(codes).where(unused).values(used_at=now).returning(codes)).first()
        if row is None:
            return None
        values = row._asdict()
        values.pop("used_at")
        return AuthorizationCode(**(values | {"scope": tuple(row.scope), "amr": tuple(row.amr)}))

    def add_access_token(self, jti: str, code: AuthorizationCode, expires_at: int) -> None:
        self._db.execute(
            insert(access_tokens).values(
                jti=jti,
                code_hash=code.code_hash,
                client_id=code.client_id,
                account_id=code.account_id,
                expires_at=expires_at,
            )
        )

    def revoke_tokens_of(self, code_hash: str, now: int) -> int:
        mine = (access_tokens.c.code_hash == code_hash) & access_tokens.c.revoked_at.is_(None)
        return self._db.execute(update(access_tokens).where(mine).values(revoked_at=now)).rowcount

    def revoke_tokens_of_client(self, account_id: str, client_id: str, now: int) -> None:
        mine = (access_tokens.c.account_id == account_id) & (access_tokens.c.client_id == client_id)
        live = mine & access_tokens.c.revoked_at.is_(None)
        self._db.execute(update(access_tokens).where(live).values(revoked_at=now))

    def access_token_account(self, jti: str, now: int) -> str | None:
        live = access_tokens.c.revoked_at.is_(None) & (access_tokens.c.expires_at > now)
        query = select(access_tokens.c.account_id).where((access_tokens.c.jti == jti) & live)
        return self._db.execute(query).scalar_one_or_none()
