"""Backchannel authentication requests (CIBA). Every change of state is one atomic write.

What was asked is encrypted: the binding message may be personal, and a ping needs the identifier itself.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from idp.domain.models import BackchannelRequest, Ping
from idp.store.interactions import request_of
from idp.store.profiles import Cipher
from idp.store.tables import backchannel_requests as table

_SEALED = ("request", "binding_message", "ping")


class SqlBackchannelRequests:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, request: BackchannelRequest) -> None:
        values = asdict(request)
        secret = json.dumps({name: values.pop(name) for name in _SEALED}).encode()
        sealed = self._cipher.encrypt(secret, request.auth_req_id_hash)
        self._db.execute(insert(table).values(values | {"request": {"sealed": b64encode(sealed).decode()}}))

    def get(self, auth_req_id_hash: str) -> BackchannelRequest | None:
        row = self._db.execute(select(table).where(table.c.auth_req_id_hash == auth_req_id_hash)).first()
        return self._opened(row) if row else None

    def waiting(self, account_id: str, now: int) -> list[BackchannelRequest]:
        mine = (table.c.account_id == account_id) & (table.c.state == "pending") & (table.c.expires_at > now)
        rows = self._db.execute(select(table).where(mine).order_by(table.c.created_at))
        return [self._opened(row) for row in rows]

    def decide(self, auth_req_id_hash: str, now: int, *, state: str, authorization_id: str | None) -> bool:
        mine = (table.c.auth_req_id_hash == auth_req_id_hash) & (table.c.state == "pending")
        open_ = update(table).where(mine & (table.c.expires_at > now))
        values = {"state": state, "authorization_id": authorization_id}
        return self._db.execute(open_.values(values)).rowcount == 1

    def polled(self, auth_req_id_hash: str, now: int, interval: int) -> None:
        mine = table.c.auth_req_id_hash == auth_req_id_hash
        self._db.execute(update(table).where(mine).values(polled_at=now, interval=interval))

    def use(self, auth_req_id_hash: str) -> bool:
        mine = (table.c.auth_req_id_hash == auth_req_id_hash) & (table.c.state == "approved")
        return self._db.execute(update(table).where(mine).values(state="used")).rowcount == 1

    def _opened(self, row: Row[Any]) -> BackchannelRequest:
        values: dict[str, Any] = row._asdict()
        plain = self._cipher.decrypt(b64decode(values["request"]["sealed"]), row.auth_req_id_hash)
        values |= json.loads(plain)
        ping = Ping(**values["ping"]) if values["ping"] else None
        return BackchannelRequest(**values | {"request": request_of(values["request"]), "ping": ping})
