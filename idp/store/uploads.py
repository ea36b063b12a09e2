"""Pictures on their way, every piece encrypted and bound to its place."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, delete, func, insert, select, update

from idp.domain.upload import Upload
from idp.store.profiles import Cipher
from idp.store.tables import upload_parts, uploads


class SqlUploads:
    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def add(self, upload: Upload) -> None:
        self._db.execute(insert(uploads).values(asdict(upload)))

    def get(self, upload_id: str, now: int) -> Upload | None:
        mine = (uploads.c.upload_id == upload_id) & (uploads.c.expires_at > now)
        row = self._db.execute(select(uploads).where(mine)).first()
        return Upload(**row._asdict()) if row else None

    def of(self, enrolment_id: str, now: int) -> Upload | None:
        mine = (uploads.c.enrolment_id == enrolment_id) & (uploads.c.expires_at > now)
        row = self._db.execute(select(uploads).where(mine).order_by(uploads.c.expires_at.desc())).first()
        return Upload(**row._asdict()) if row else None

    def append(self, upload: Upload, data: bytes, expires_at: int) -> bool:
        unchanged = (uploads.c.upload_id == upload.upload_id) & (uploads.c.received == upload.received)
        grown = {"received": upload.received + len(data), "parts": upload.parts + 1, "expires_at": expires_at}
        if self._db.execute(update(uploads).where(unchanged).values(grown)).rowcount != 1:
            return False
        sealed = self._cipher.encrypt(data, _context(upload.upload_id, upload.parts))
        part = {"upload_id": upload.upload_id, "number": upload.parts, "data": sealed}
        self._db.execute(insert(upload_parts).values(part))
        return True

    def content(self, upload: Upload) -> bytes:
        mine = upload_parts.c.upload_id == upload.upload_id
        rows = self._db.execute(select(upload_parts).where(mine).order_by(upload_parts.c.number))
        return b"".join(
            self._cipher.decrypt(bytes(row.data), _context(row.upload_id, row.number)) for row in rows
        )

    def remove_of(self, enrolment_id: str) -> None:
        self._db.execute(delete(uploads).where(uploads.c.enrolment_id == enrolment_id))

    def total(self, now: int) -> int:
        live = select(func.coalesce(func.sum(uploads.c.received), 0)).where(uploads.c.expires_at > now)
        return int(self._db.execute(live).scalar_one())


def _context(upload_id: str, number: int) -> str:
    return f"upload:{upload_id}:{number}"
