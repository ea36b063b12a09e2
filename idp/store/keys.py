"""Signing keys, encrypted at rest. A row is never deleted, so that a ``kid`` is never used again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, insert, select, update

from idp.domain.signing_keys import StoredKey
from idp.store.profiles import Cipher
from idp.store.tables import signing_keys as table


class SqlKeys:
    """Implements ``adapters.signer.KeyStore``."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine = engine
        self._cipher = cipher

    def all(self) -> list[StoredKey]:
        published = select(table).where(table.c.removed_at.is_(None))
        with self._engine.connect().execution_options(read_only=True) as db:
            rows = db.execute(published.order_by(table.c.created_at, table.c.kid)).all()
        return [self._stored(row) for row in rows]

    def rotate(self, kid: str, alg: str, pem: bytes, now: int, *, made_before: int) -> bool:
        signing = and_(table.c.alg == alg, table.c.retired_at.is_(None), table.c.removed_at.is_(None))
        old = and_(signing, table.c.created_at < made_before)
        with self._engine.begin() as db:
            retired = db.execute(update(table).where(old).values(retired_at=now)).rowcount
            if not retired and db.execute(select(table.c.kid).where(signing)).first() is not None:
                return False
            self._add(db, kid, alg, pem, now)
        return True

    def remove_retired(self, before: int, now: int) -> int:
        over = and_(table.c.retired_at < before, table.c.removed_at.is_(None))
        with self._engine.begin() as db:  # the private half is of no use to anybody any more
            return db.execute(update(table).where(over).values(removed_at=now, private_key=b"")).rowcount

    def _add(self, db: Connection, kid: str, alg: str, pem: bytes, now: int) -> None:
        sealed = self._cipher.encrypt(pem, kid)
        db.execute(insert(table).values(kid=kid, alg=alg, private_key=sealed, created_at=now))

    def _stored(self, row: Row[Any]) -> StoredKey:
        pem = self._cipher.decrypt(row.private_key, row.kid)
        return StoredKey(row.kid, row.alg, pem, row.created_at, row.retired_at)
