"""Interactions (one per tab) and WebAuthn challenges: short-lived state of the sign-in pages."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from idp.domain.models import AuthorizationRequest, Interaction
from idp.store.profiles import Cipher
from idp.store.tables import challenges, interactions

_TUPLES = {f.name for f in fields(AuthorizationRequest) if str(f.type).startswith("tuple")}


class SqlInteractions:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, interaction: Interaction) -> None:
        request = self._plain(interaction)
        self._db.execute(insert(interactions).values(asdict(interaction) | {"request": request}))

    def change_request(self, interaction: Interaction) -> None:
        mine = interactions.c.interaction_id == interaction.interaction_id
        self._db.execute(update(interactions).where(mine).values(request=self._plain(interaction)))

    def _plain(self, interaction: Interaction) -> dict[str, Any] | None:
        request = asdict(interaction.request) if interaction.request else None
        if request and request["login_hint"]:  # a personal number
            sealed = self._cipher.encrypt(request["login_hint"].encode(), interaction.interaction_id)
            request["login_hint"] = b64encode(sealed).decode()
        return request

    def get(self, interaction_id: str) -> Interaction | None:
        wanted = (interactions.c.interaction_id == interaction_id) & (interactions.c.finished == 0)
        row = self._db.execute(select(interactions).where(wanted)).first()
        if row is None:
            return None
        values = row._asdict() | {"request": _request(row.request)}
        values.pop("finished")
        request = values["request"]
        if request and request.login_hint:
            hint = self._cipher.decrypt(b64decode(request.login_hint), interaction_id).decode()
            values["request"] = replace(request, login_hint=hint)
        return Interaction(**values)

    def mark_authenticated(self, interaction_id: str, at: int) -> None:
        mine = interactions.c.interaction_id == interaction_id
        self._db.execute(update(interactions).where(mine).values(authenticated_at=at))

    def finish(self, interaction_id: str) -> bool:
        open_ = (interactions.c.interaction_id == interaction_id) & (interactions.c.finished == 0)
        return self._db.execute(update(interactions).where(open_).values(finished=1)).rowcount == 1


class SqlChallenges:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, key: str, challenge: bytes, expires_at: int) -> None:
        self._db.execute(delete(challenges).where(challenges.c.key == key))
        self._db.execute(insert(challenges).values(key=key, challenge=challenge, expires_at=expires_at))

    def take(self, key: str, now: int) -> bytes | None:
        mine = delete(challenges).where(challenges.c.key == key)
        row = self._db.execute(mine.returning(challenges.c.challenge, challenges.c.expires_at)).first()
        return bytes(row.challenge) if row and row.expires_at >= now else None

    def claim(self, key: str, expires_at: int) -> bool:
        try:
            with self._db.begin_nested():
                self._db.execute(insert(challenges).values(key=key, challenge=b"", expires_at=expires_at))
        except IntegrityError:
            return False
        return True


def _request(data: dict[str, Any] | None) -> AuthorizationRequest | None:
    if data is None:
        return None
    values: dict[str, Any] = {k: tuple(v) if k in _TUPLES else v for k, v in data.items()}
    return AuthorizationRequest(**values)
