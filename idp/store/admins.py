"""The admin's password, one-time links and sessions."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from idp.store.tables import admin_links, admin_sessions, admins


class SqlAdmins:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def exists(self) -> bool:
        return self._db.execute(select(admins.c.username)).first() is not None

    def password_hash(self, username: str) -> str | None:
        return self._db.execute(
            select(admins.c.hash).where(admins.c.username == username)
        ).scalar_one_or_none()

    def set_password(self, username: str, password_hash: str) -> None:
        self._db.execute(delete(admin_sessions).where(admin_sessions.c.username == username))
        self._db.execute(delete(admins).where(admins.c.username == username))
        self._db.execute(insert(admins).values(username=username, hash=password_hash))

    def add_link(self, token_hash: str, expires_at: int) -> None:
        self._db.execute(insert(admin_links).values(token_hash=token_hash, expires_at=expires_at))

    def link_is_open(self, token_hash: str, now: int) -> bool:
        return self._db.execute(select(admin_links).where(self._open(token_hash, now))).first() is not None

    def use_link(self, token_hash: str, now: int) -> bool:
        used = update(admin_links).where(self._open(token_hash, now)).values(used_at=now)
        return self._db.execute(used).rowcount == 1

    def add_session(self, token_hash: str, username: str, expires_at: int) -> None:
        values = {"token_hash": token_hash, "username": username, "expires_at": expires_at}
        self._db.execute(insert(admin_sessions).values(values))

    def session(self, token_hash: str, now: int) -> str | None:
        live = (admin_sessions.c.token_hash == token_hash) & (admin_sessions.c.expires_at > now)
        return self._db.execute(select(admin_sessions.c.username).where(live)).scalar_one_or_none()

    def remove_session(self, token_hash: str) -> None:
        self._db.execute(delete(admin_sessions).where(admin_sessions.c.token_hash == token_hash))

    @staticmethod
    def _open(token_hash: str, now: int):  # type: ignore[no-untyped-def]
        c = admin_links.c
        return (c.token_hash == token_hash) & c.used_at.is_(None) & (c.expires_at > now)
