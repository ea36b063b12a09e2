"""Photos, kept from the moment they arrive: a mistake elsewhere in the form does not cost the citizen one."""

from __future__ import annotations

import secrets
import time

from sqlalchemy import Engine, delete, insert, or_, select

from examples.phan_anh.reports import visible_to
from examples.phan_anh.tables import photos, reports

KEPT_UNATTACHED = 24 * 3600  # seconds
MOST_UNATTACHED = 5  # of one citizen


class Photos:
    """Cleaned JPEGs in the database that ``engine`` opens."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def keep(self, sub: str, jpeg: bytes) -> str:
        """Store a cleaned photo for ``sub`` and return its id. Old ones that no report took are deleted."""
        photo = secrets.token_urlsafe(16)
        now = time.time()
        loose = photos.c.report.is_(None)
        surplus = (
            select(photos.c.id)
            .where(photos.c.sub == sub, loose)
            .order_by(photos.c.at.desc())
            .offset(MOST_UNATTACHED - 1)
        )
        with self.engine.begin() as connection:
            old = photos.c.at < now - KEPT_UNATTACHED
            connection.execute(delete(photos).where(loose, or_(old, photos.c.id.in_(surplus))))
            connection.execute(insert(photos).values(id=photo, sub=sub, at=now, jpeg=jpeg))
        return photo

    def mine(self, sub: str, photo: str) -> str | None:
        """``photo`` when it is the citizen's own and still free, else None."""
        query = select(photos.c.id).where(
            photos.c.id == photo, photos.c.sub == sub, photos.c.report.is_(None)
        )
        with self.engine.begin() as connection:
            return connection.scalar(query)

    def jpeg(self, sub: str | None, photo: str) -> bytes | None:
        """The bytes, when the reader took the photo or may see its report."""
        query = (
            select(photos.c.jpeg)
            .join_from(photos, reports, photos.c.report == reports.c.id, isouter=True)
            .where(
                photos.c.id == photo,
                visible_to(sub) if sub is None else or_(photos.c.sub == sub, visible_to(sub)),
            )
        )
        with self.engine.begin() as connection:
            return connection.scalar(query)
