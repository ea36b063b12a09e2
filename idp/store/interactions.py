"""Interactions (one per tab) and WebAuthn challenges: short-lived state of the sign-in pages."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import Connection, LargeBinary, bindparam, delete, insert, select, text, update

from idp.domain.models import AuthorizationRequest, Interaction
from idp.store.prepared import Prepared
from idp.store.profiles import Cipher
from idp.store.tables import challenges, interactions
from idp.store.upsert import put

_TUPLES = {f.name for f in fields(AuthorizationRequest) if str(f.type).startswith("tuple")}

_ID = interactions.c.interaction_id == bindparam("id")
_OPEN = _ID & (interactions.c.finished == 0)
_ADD = Prepared(insert(interactions))
GET = Prepared(select(interactions).where(_OPEN))
_AUTHENTICATED = Prepared(update(interactions).where(_ID).values(authenticated_at=bindparam("at")))
_FINISH = Prepared(update(interactions).where(_OPEN).values(finished=1))
_CLAIM = Prepared(  # both databases understand it; SQLAlchemy spells it once for each
    text(
        "INSERT INTO challenges (key, challenge, expires_at) VALUES (:key, :challenge, :expires_at)"
        " ON CONFLICT DO NOTHING"
    ).bindparams(bindparam("challenge", type_=LargeBinary))
)


class SqlInteractions:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, interaction: Interaction) -> None:
        values = {f.name: getattr(interaction, f.name) for f in fields(interaction)}
        _ADD.later(self._db, **(values | {"request": self._plain(interaction), "finished": 0}))

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
        values = GET.first(self._db, id=interaction_id)
        if values is None:
            return None
        del values["finished"]
        values["request"] = request = request_of(values["request"])
        if request and request.login_hint:
            hint = self._cipher.decrypt(b64decode(request.login_hint), interaction_id).decode()
            values["request"] = replace(request, login_hint=hint)
        return Interaction(**values)

    def mark_authenticated(self, interaction_id: str, at: int) -> None:
        _AUTHENTICATED.later(self._db, id=interaction_id, at=at)

    def finish(self, interaction_id: str, lost: Exception) -> None:
        _FINISH.later(self._db, lost=lost, id=interaction_id)


class SqlChallenges:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, key: str, challenge: bytes, expires_at: int) -> None:
        put(self._db, challenges, key=key, challenge=challenge, expires_at=expires_at)

    def take(self, key: str, now: int) -> bytes | None:
        mine = delete(challenges).where(challenges.c.key == key)
        row = self._db.execute(mine.returning(challenges.c.challenge, challenges.c.expires_at)).first()
        return bytes(row.challenge) if row and row.expires_at >= now else None

    def claim(self, key: str, expires_at: int) -> bool:
        return _CLAIM.run(self._db, key=key, challenge=b"", expires_at=expires_at) == 1


def request_of(data: dict[str, Any] | None) -> AuthorizationRequest | None:
    """Back from its JSON."""
    if data is None:
        return None
    values: dict[str, Any] = {k: tuple(v) if k in _TUPLES else v for k, v in data.items()}
    return AuthorizationRequest(**values)
