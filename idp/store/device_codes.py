"""Device codes (RFC 8628): who polls, what the citizen decided. Every change of state is one atomic write."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from idp.domain.models import DeviceCode
from idp.store.tables import device_codes

_KEEP = 3600  # seconds past its end that a code still answers expired_token


class SqlDeviceCodes:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, code: DeviceCode, now: int) -> bool:
        self._db.execute(delete(device_codes).where(device_codes.c.expires_at < now - _KEEP))
        try:
            with self._db.begin_nested():
                self._db.execute(insert(device_codes).values(asdict(code)))
        except IntegrityError:
            return False
        return True

    def get(self, device_code_hash: str) -> DeviceCode | None:
        wanted = device_codes.c.device_code_hash == device_code_hash
        row = self._db.execute(select(device_codes).where(wanted)).first()
        return DeviceCode(**row._asdict()) if row else None

    def pending(self, user_code: str, now: int) -> DeviceCode | None:
        mine = (device_codes.c.user_code == user_code) & (device_codes.c.state == "pending")
        row = self._db.execute(select(device_codes).where(mine & (device_codes.c.expires_at > now))).first()
        return DeviceCode(**row._asdict()) if row else None

    def decide(self, user_code: str, now: int, *, authorization_id: str | None) -> bool:
        mine = (device_codes.c.user_code == user_code) & (device_codes.c.state == "pending")
        state = "denied" if authorization_id is None else "approved"
        values = {"state": state, "authorization_id": authorization_id}
        open_ = update(device_codes).where(mine & (device_codes.c.expires_at > now))
        return self._db.execute(open_.values(values)).rowcount == 1

    def polled(self, device_code_hash: str, now: int, interval: int) -> None:
        mine = device_codes.c.device_code_hash == device_code_hash
        self._db.execute(update(device_codes).where(mine).values(polled_at=now, interval=interval))

    def use(self, device_code_hash: str) -> bool:
        mine = (device_codes.c.device_code_hash == device_code_hash) & (device_codes.c.state == "approved")
        return self._db.execute(update(device_codes).where(mine).values(state="used")).rowcount == 1
