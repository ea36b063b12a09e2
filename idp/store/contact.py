"""Codes that prove an address, and the messages that carry them. Nothing of either is readable here."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from idp.domain.contact import CODE_TRIES, Channel, Message
from idp.store.profiles import Cipher
from idp.store.tables import contact_codes, messages
from idp.store.upsert import put


class SqlContactCodes:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def put(self, account_id: str, channel: Channel, value: str, code: str, expires_at: int) -> None:
        context = _context(account_id, channel)
        values = {
            "value": self._cipher.encrypt(value.encode(), context),
            "code_hash": self._cipher.fingerprint(context, code),
            "tries_left": CODE_TRIES,
            "expires_at": expires_at,
        }
        put(self._db, contact_codes, key=_key(account_id, channel), **values)

    def pending(self, account_id: str, channel: Channel, now: int) -> str | None:
        found = select(contact_codes.c.value).where(_open(account_id, channel, now))
        sealed = self._db.execute(found).scalar_one_or_none()
        return self._cipher.decrypt(sealed, _context(account_id, channel)).decode() if sealed else None

    def redeem(self, account_id: str, channel: Channel, code: str, now: int) -> str | None:
        tried = update(contact_codes).where(_open(account_id, channel, now))
        left = {"tries_left": contact_codes.c.tries_left - 1}
        row = self._db.execute(tried.values(left).returning(contact_codes)).first()
        context = _context(account_id, channel)
        if row is None or not hmac.compare_digest(row.code_hash, self._cipher.fingerprint(context, code)):
            return None
        self.remove(account_id, channel)
        return self._cipher.decrypt(row.value, context).decode()

    def remove(self, account_id: str, channel: Channel) -> None:
        self._db.execute(delete(contact_codes).where(_mine(account_id, channel)))


class SqlMessages:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, message: Message, now: int, expires_at: int) -> None:
        sealed = self._cipher.encrypt(json.dumps(asdict(message)).encode(), "message")
        self._db.execute(
            insert(messages).values(message=sealed, attempts=0, next_attempt_at=now, expires_at=expires_at)
        )

    def due(self, now: int) -> bool:
        return self._db.execute(select(messages.c.id).where(_due(now)).limit(1)).first() is not None

    def claim(self, now: int, lease: int) -> tuple[int, int, Message] | None:
        # The condition stands twice: a second process that waited for the row sees it claimed and takes none.
        oldest = select(messages.c.id).where(_due(now)).order_by(messages.c.next_attempt_at).limit(1)
        mine = and_(messages.c.id == oldest.scalar_subquery(), _due(now))
        values = {"attempts": messages.c.attempts + 1, "next_attempt_at": now + lease}
        row = self._db.execute(update(messages).where(mine).values(values).returning(messages)).first()
        if row is None:
            return None
        return row.id, row.attempts, Message(**json.loads(self._cipher.decrypt(row.message, "message")))

    def postpone(self, message_id: int, next_attempt_at: int) -> None:
        mine = messages.c.id == message_id
        self._db.execute(update(messages).where(mine).values(next_attempt_at=next_attempt_at))

    def remove(self, message_id: int) -> None:
        self._db.execute(delete(messages).where(messages.c.id == message_id))


def _key(account_id: str, channel: Channel) -> str:
    return f"{account_id}/{channel}"


def _context(account_id: str, channel: Channel) -> str:
    return f"contact-code/{_key(account_id, channel)}"


def _mine(account_id: str, channel: Channel) -> ColumnElement[bool]:
    return contact_codes.c.key == _key(account_id, channel)


def _open(account_id: str, channel: Channel, now: int) -> ColumnElement[bool]:
    live = and_(contact_codes.c.tries_left > 0, contact_codes.c.expires_at > now)
    return and_(_mine(account_id, channel), live)


def _due(now: int) -> ColumnElement[bool]:
    return and_(messages.c.next_attempt_at <= now, messages.c.expires_at > now)
