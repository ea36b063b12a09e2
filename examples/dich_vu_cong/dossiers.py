"""The dossiers that citizens sent in. Every reading names the citizen, so that none sees another's."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
)

from examples.dich_vu_cong.application import FIELDS, Application
from examples.province.database import open_database
from examples.province.text import VIETNAM

STATES = ("received", "checking", "signed", "returned")

tables = MetaData()
dossiers = Table(
    "dossiers",
    tables,
    Column("id", Integer, primary_key=True),
    Column("code", String, nullable=False, unique=True),
    Column("sub", String, nullable=False, index=True),
    Column("once", String, nullable=False),
    Column("full_name", String, nullable=False),
    Column("birthdate", Date, nullable=False),
    Column("gender", String, nullable=False),
    Column("personal_number", String, nullable=False),
    Column("place_of_birth", String, nullable=False),
    Column("address", String, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("purpose", String, nullable=False),
    Column("purpose_note", String, nullable=False),
    Column("delivery", String, nullable=False),
    Column("delivery_address", String, nullable=False),
    Column("phone", String, nullable=False),
    UniqueConstraint("sub", "once"),
)
steps = Table(
    "steps",
    tables,
    Column("dossier", ForeignKey("dossiers.id"), primary_key=True),
    Column("state", String, primary_key=True),
    Column("at", Float, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Dossier:
    """One dossier. reached: state -> seconds since 1970 at which it was reached, in order."""

    code: str
    application: Application
    reached: dict[str, float]

    @property
    def state(self) -> str:
        return next(state for state in reversed(STATES) if state in self.reached)


class Dossiers:
    """The app's database in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_database(folder, "dich_vu_cong", tables)

    def submit(self, sub: str, once: str, application: Application) -> str:
        """Store and return the code; the same ``once`` again, as by a double tap, returns the first code."""
        with self.engine.begin() as connection:
            mine = dossiers.c.sub == sub, dossiers.c.once == once
            known = connection.scalar(select(dossiers.c.code).where(*mine))
            if known is not None:
                return str(known)
            code = _next_code(connection, datetime.now(VIETNAM).year)
            row = asdict(application) | {"code": code, "sub": sub, "once": once}
            number = connection.execute(insert(dossiers).values(row)).inserted_primary_key
            assert number is not None
            connection.execute(insert(steps).values(dossier=number[0], state=STATES[0], at=time.time()))
            return code

    def of(self, sub: str) -> list[Dossier]:
        """The citizen's own dossiers, newest first."""
        with self.engine.begin() as connection:
            rows = connection.execute(
                select(dossiers).where(dossiers.c.sub == sub).order_by(dossiers.c.id.desc())
            )
            return [_dossier(connection, row) for row in rows.mappings().all()]

    def get(self, sub: str, code: str) -> Dossier | None:
        """The citizen's own dossier with this code; None also when it is someone else's."""
        with self.engine.begin() as connection:
            query = select(dossiers).where(dossiers.c.code == code, dossiers.c.sub == sub)
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else _dossier(connection, row)

    def advance(self, code: str) -> str | None:
        """For the office: enter the next state and return it; None for an unknown or finished dossier."""
        with self.engine.begin() as connection:
            number = connection.scalar(select(dossiers.c.id).where(dossiers.c.code == code))
            if number is None:
                return None
            reached = set(connection.scalars(select(steps.c.state).where(steps.c.dossier == number)))
            state = next((each for each in STATES if each not in reached), None)
            if state is not None:
                connection.execute(insert(steps).values(dossier=number, state=state, at=time.time()))
            return state


def _next_code(connection: Connection, year: int) -> str:
    """TN-2026-000123. No other writer can come between: transactions begin immediate."""
    query = select(func.max(dossiers.c.code)).where(dossiers.c.code.like(f"TN-{year}-%"))
    last = connection.scalar(query)
    return f"TN-{year}-{int(last[-6:]) + 1 if last else 1:06d}"


def _dossier(connection: Connection, row: RowMapping) -> Dossier:
    query = select(steps.c.state, steps.c.at).where(steps.c.dossier == row["id"]).order_by(steps.c.at)
    reached = {row.state: row.at for row in connection.execute(query)}
    application = Application(**{name: row[name] for name in FIELDS})
    assert isinstance(application.birthdate, date)
    return Dossier(row["code"], application, reached)
