"""Pushed authorization requests (RFC 9126). Their parameters are encrypted: login_hint may be a number."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode

from sqlalchemy import Connection, insert, select, update

from idp.domain.models import PushedRequest
from idp.store.profiles import Cipher
from idp.store.tables import pushed_requests


class SqlPushedRequests:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, request: PushedRequest) -> None:
        sealed = self._cipher.encrypt(json.dumps(request.params).encode(), request.request_uri_hash)
        self._db.execute(
            insert(pushed_requests).values(
                request_uri_hash=request.request_uri_hash,
                client_id=request.client_id,
                params={"sealed": b64encode(sealed).decode()},
                expires_at=request.expires_at,
            )
        )

    def get(self, request_uri_hash: str, now: int) -> PushedRequest | None:
        wanted = pushed_requests.c.request_uri_hash == request_uri_hash
        live = wanted & pushed_requests.c.used_at.is_(None) & (pushed_requests.c.expires_at > now)
        row = self._db.execute(select(pushed_requests).where(live)).first()
        if row is None:
            return None
        plain = self._cipher.decrypt(b64decode(row.params["sealed"]), request_uri_hash)
        return PushedRequest(request_uri_hash, row.client_id, json.loads(plain), row.expires_at)

    def use(self, request_uri_hash: str, now: int) -> bool:
        unused = (pushed_requests.c.request_uri_hash == request_uri_hash) & pushed_requests.c.used_at.is_(
            None
        )
        return self._db.execute(update(pushed_requests).where(unused).values(used_at=now)).rowcount == 1
