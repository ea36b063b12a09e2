"""Signing keys, encrypted at rest."""

from __future__ import annotations

from sqlalchemy import Engine, insert, select

from idp.store.profiles import Cipher
from idp.store.tables import signing_keys


class SqlKeys:
    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine = engine
        self._cipher = cipher

    def all(self) -> list[tuple[str, str, bytes]]:
        """(kid, alg, PKCS#8 PEM), oldest first."""
        with self._engine.begin() as db:
            rows = db.execute(
                select(signing_keys).order_by(signing_keys.c.created_at, signing_keys.c.kid)
            ).all()
        return [(row.kid, row.alg, self._cipher.decrypt(row.private_key, row.kid)) for row in rows]

    def add(self, kid: str, alg: str, pem: bytes, now: int) -> None:
        sealed = self._cipher.encrypt(pem, kid)
        with self._engine.begin() as db:
            db.execute(insert(signing_keys).values(kid=kid, alg=alg, private_key=sealed, created_at=now))
