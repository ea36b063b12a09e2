"""The reports and who may see them: all see the public ones without a name, the citizen also their own."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, or_, select, update

from examples.phan_anh.report import FIELDS, Report
from examples.phan_anh.tables import photos, reports, steps, tables
from examples.province.database import open_database
from examples.province.text import VIETNAM

STATES = ("received", "assigned", "done")
MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Filed:
    """A report in the books, without its reporter's name.

    mine: whether the reader wrote it. photo: id, or None. reached: state -> seconds since 1970, in order.
    """

    code: str
    report: Report
    mine: bool
    photo: str | None
    reached: dict[str, float]

    @property
    def state(self) -> str:
        return next(state for state in reversed(STATES) if state in self.reached)


class Reports:
    """The app's database in ``folder``; ``engine`` is shared with the photos."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_database(folder, "phan_anh", tables)

    def submit(self, sub: str, reporter: str, once: str, report: Report, photo: str | None) -> str:
        """Store with the citizen's own unattached photo and return the code; the same ``once`` only once."""
        with self.engine.begin() as connection:
            known = connection.scalar(
                select(reports.c.code).where(reports.c.sub == sub, reports.c.once == once)
            )
            if known is not None:
                return str(known)
            code = _next_code(connection, datetime.now(VIETNAM).year)
            row = asdict(report) | {"code": code, "sub": sub, "reporter": reporter, "once": once}
            number = connection.execute(insert(reports).values(row)).inserted_primary_key
            assert number is not None
            connection.execute(insert(steps).values(report=number[0], state=STATES[0], at=time.time()))
            mine = photos.c.id == photo, photos.c.sub == sub, photos.c.report.is_(None)
            connection.execute(update(photos).where(*mine).values(report=number[0]))
            return code

    def public(self) -> list[Filed]:
        """The newest public reports, for everyone."""
        return self._read(None, [reports.c.visibility == "public"])

    def of(self, sub: str) -> list[Filed]:
        """The citizen's own reports, newest first."""
        return self._read(sub, [reports.c.sub == sub])

    def get(self, sub: str | None, code: str) -> Filed | None:
        """One report, when it is public or written by ``sub``."""
        found = self._read(sub, [reports.c.code == code, visible_to(sub)])
        return found[0] if found else None

    def advance(self, code: str) -> str | None:
        """For the office: enter the next state and return it; None for an unknown or finished report."""
        with self.engine.begin() as connection:
            number = connection.scalar(select(reports.c.id).where(reports.c.code == code))
            if number is None:
                return None
            reached = set(connection.scalars(select(steps.c.state).where(steps.c.report == number)))
            state = next((each for each in STATES if each not in reached), None)
            if state is not None:
                connection.execute(insert(steps).values(report=number, state=state, at=time.time()))
            return state

    def _read(self, sub: str | None, where: Iterable[ColumnElement[bool]]) -> list[Filed]:
        query = (
            select(reports, photos.c.id.label("photo"))
            .join_from(reports, photos, photos.c.report == reports.c.id, isouter=True)
            .where(*where)
            .order_by(reports.c.id.desc())
            .limit(MOST_SHOWN)
        )
        with self.engine.begin() as connection:
            rows = connection.execute(query).mappings().all()
            return [_filed(connection, row, sub) for row in rows]


def visible_to(sub: str | None) -> ColumnElement[bool]:
    """SQL: the report may be shown to ``sub`` (None: to a visitor who is not signed in)."""
    public = reports.c.visibility == "public"
    return public if sub is None else or_(public, reports.c.sub == sub)  # NULL: a photo without report


def _next_code(connection: Connection, year: int) -> str:
    """PA-2026-000123. No other writer can come between: transactions begin immediate."""
    query = select(func.max(reports.c.code)).where(reports.c.code.like(f"PA-{year}-%"))
    last = connection.scalar(query)
    return f"PA-{year}-{int(last[-6:]) + 1 if last else 1:06d}"


def _filed(connection: Connection, row: RowMapping, sub: str | None) -> Filed:
    query = select(steps.c.state, steps.c.at).where(steps.c.report == row["id"]).order_by(steps.c.at)
    reached = {row.state: row.at for row in connection.execute(query)}
    report = Report(**{name: row[name] for name in FIELDS})
    return Filed(row["code"], report, sub is not None and row["sub"] == sub, row["photo"], reached)
