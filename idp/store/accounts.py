"""Accounts, passwords and passkeys. One account per personal number is the database's own rule."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from idp.domain.contact import CHANNELS, Channel
from idp.domain.models import Account, Passkey, Profile, Proofing
from idp.store.prepared import Prepared
from idp.store.profiles import Cipher, seal, unseal_proven
from idp.store.tables import accounts, passkeys, passwords
from idp.store.upsert import put

GET = Prepared(select(accounts).where(accounts.c.account_id == bindparam("id")))
BY_NUMBER = Prepared(select(accounts).where(accounts.c.number_hash == bindparam("hash")))
PASSWORD = Prepared(select(passwords.c.hash).where(passwords.c.account_id == bindparam("id")))


class SqlAccounts:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def get(self, account_id: str) -> Account | None:
        row = GET.first(self._db, id=account_id)
        return self._account(row) if row else None

    def by_number(self, number: str) -> Account | None:
        row = BY_NUMBER.first(self._db, hash=self._number_hash(number))
        return self._account(row) if row else None

    def add(self, account: Account) -> bool:
        try:
            with self._db.begin_nested():
                self._db.execute(
                    insert(accounts).values(
                        account_id=account.account_id,
                        number_hash=self._number_hash(account.profile.number),
                        profile=seal(self._cipher, account.profile, account.account_id, account.proofing),
                        level=account.level,
                        created_at=account.created_at,
                    )
                )
        except IntegrityError:
            return False
        return True

    def prove(self, account_id: str, profile: Profile, level: int, proofing: Proofing) -> None:
        sealed = seal(self._cipher, profile, account_id, proofing)
        mine = accounts.c.account_id == account_id
        self._db.execute(update(accounts).where(mine).values(profile=sealed, level=level))

    def set_contact(self, account_id: str, channel: Channel, value: str | None) -> None:
        sealed = self._cipher.encrypt(value.encode(), f"{account_id}/{channel}") if value else None
        mine = accounts.c.account_id == account_id
        self._db.execute(update(accounts).where(mine).values({channel: sealed}))

    def set_password(self, account_id: str, password_hash: str) -> None:
        put(self._db, passwords, account_id=account_id, hash=password_hash)

    def password_hash(self, account_id: str) -> str | None:
        row = PASSWORD.first(self._db, id=account_id)
        return row["hash"] if row else None

    def add_passkey(self, passkey: Passkey, now: int) -> None:
        self._db.execute(
            insert(passkeys).values(
                credential_id=passkey.credential_id,
                account_id=passkey.account_id,
                public_key=passkey.public_key,
                sign_count=passkey.sign_count,
                created_at=now,
            )
        )

    def passkey(self, credential_id: bytes) -> Passkey | None:
        row = self._db.execute(select(passkeys).where(passkeys.c.credential_id == credential_id)).first()
        return _passkey(row) if row else None

    def passkeys(self, account_id: str) -> list[Passkey]:
        rows = self._db.execute(select(passkeys).where(passkeys.c.account_id == account_id))
        return [_passkey(row) for row in rows]

    def used_passkey(self, credential_id: bytes, sign_count: int) -> None:
        mine = passkeys.c.credential_id == credential_id
        self._db.execute(update(passkeys).where(mine).values(sign_count=sign_count))

    def remove_credentials(self, account_id: str) -> None:
        self._db.execute(delete(passwords).where(passwords.c.account_id == account_id))
        self._db.execute(delete(passkeys).where(passkeys.c.account_id == account_id))

    def count(self) -> int:
        return self._db.execute(select(func.count()).select_from(accounts)).scalar_one()

    def _number_hash(self, number: str) -> str:
        return number_hash(self._cipher, number)

    def _account(self, row: dict[str, Any]) -> Account:
        account_id = row["account_id"]
        profile, proofing = unseal_proven(self._cipher, bytes(row["profile"]), account_id)
        email, phone = (self._contact(row, channel) for channel in CHANNELS)
        return Account(account_id, profile, row["level"], row["created_at"], proofing, email, phone)

    def _contact(self, row: dict[str, Any], channel: Channel) -> str | None:
        sealed = row[channel]
        context = f"{row['account_id']}/{channel}"
        return self._cipher.decrypt(bytes(sealed), context).decode() if sealed else None


def number_hash(cipher: Cipher, number: str) -> str:
    return cipher.fingerprint("personal-number", number)


def _passkey(row: Row[Any]) -> Passkey:
    return Passkey(bytes(row.credential_id), row.account_id, bytes(row.public_key), row.sign_count)
