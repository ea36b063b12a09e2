"""The repository: people in and out of the database, and the log of who asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update

from ekyc.registry import tables as t
from ekyc.registry.engine import READ_ONLY
from ekyc.registry.person import Card, Person

_VIETNAM = timezone(timedelta(hours=7))  # no daylight saving, so a fixed offset is exact


def today_in_vietnam() -> date:
    """The calendar day in Asia/Ho_Chi_Minh: the day on which a card is or is not expired."""
    return datetime.now(_VIETNAM).date()


@dataclass(frozen=True, slots=True)
class Access:
    """One question to the registry, as it is recorded. ``number_hash`` is keyed, hexadecimal."""

    caller: str
    purpose: str
    operation: str
    number_hash: str


@dataclass(frozen=True, slots=True)
class Seeding:
    """What the population was made from."""

    version: int
    count: int
    seed: int


class RegistryStore:
    """People, portraits, sample citizens and the access log. Each method is one transaction."""

    def __init__(self, engine: Engine, today: Callable[[], date] = today_in_vietnam) -> None:
        self._engine = engine
        self._today = today

    def consult(self, number: str, access: Access) -> Person | None:
        """Read one person (portrait included) and record the question in the same transaction."""
        with self._engine.begin() as connection:
            person = self._read(connection, number)
            connection.execute(insert(t.access_log).values(_access_row(access, person is not None)))
        return person

    def get(self, number: str) -> Person | None:
        """Read one person (portrait included) without a record: for the registry's own tools."""
        with self._reading() as connection:
            return self._read(connection, number)

    def add(self, person: Person) -> None:
        """Insert one person; a guardian has to be there already."""
        with self._engine.begin() as connection:
            _insert(connection, [person])

    def update(self, person: Person) -> None:
        """Replace the record with the same number; KeyError when there is none."""
        with self._engine.begin() as connection:
            here = t.people.c.number == person.number
            if connection.execute(update(t.people).where(here).values(_person_row(person))).rowcount == 0:
                raise KeyError("no such person")
            connection.execute(
                update(t.cards).where(t.cards.c.number == person.number).values(_card_row(person))
            )
            connection.execute(delete(t.portraits).where(t.portraits.c.number == person.number))
            if person.portrait is not None:
                connection.execute(insert(t.portraits).values(_portrait_row(person)))

    def replace_all(self, people: Iterable[Person], samples: Mapping[str, str], seeding: Seeding) -> None:
        """Swap the whole population. ``samples``: sample id -> number. The access log stays."""
        with self._engine.begin() as connection:
            for table in (t.sample_citizens, t.portraits, t.cards):
                connection.execute(delete(table))
            # children first, or the guardians' rows could not go
            connection.execute(delete(t.people).where(t.people.c.guardian_number.is_not(None)))
            connection.execute(delete(t.people))
            connection.execute(delete(t.seedings))
            _insert(connection, list(people))
            if samples:
                rows = [{"id": key, "number": number} for key, number in samples.items()]
                connection.execute(insert(t.sample_citizens), rows)
            connection.execute(
                insert(t.seedings).values(
                    id=1, version=seeding.version, count=seeding.count, seed=seeding.seed
                )
            )

    def seeding(self) -> Seeding | None:
        """What the present population was made from, None before the first seeding."""
        with self._reading() as connection:
            row = connection.execute(select(t.seedings)).mappings().first()
        return Seeding(row["version"], row["count"], row["seed"]) if row else None

    def sample_numbers(self) -> dict[str, str]:
        """Sample id -> personal number, ordered by id."""
        query = select(t.sample_citizens.c.id, t.sample_citizens.c.number).order_by(t.sample_citizens.c.id)
        with self._reading() as connection:
            return {row.id: row.number for row in connection.execute(query)}

    def count(self) -> int:
        with self._reading() as connection:
            return connection.execute(select(func.count()).select_from(t.people)).scalar_one()

    def accesses(self) -> list[dict[str, Any]]:
        """The access log, oldest first."""
        with self._reading() as connection:
            rows = connection.execute(select(t.access_log).order_by(t.access_log.c.id)).mappings()
            return [dict(row) for row in rows]

    def close(self) -> None:
        self._engine.dispose()

    def _reading(self) -> Connection:
        return self._engine.connect().execution_options(**READ_ONLY)

    def _read(self, connection: Connection, number: str) -> Person | None:
        query = (
            select(t.people, *(column for column in t.cards.c if column.name != "number"), t.portraits.c.jpeg)
            .join(t.cards, t.cards.c.number == t.people.c.number)
            .outerjoin(t.portraits, t.portraits.c.number == t.people.c.number)
            .where(t.people.c.number == number)
        )
        row = connection.execute(query).mappings().first()
        return _person(row, self._today()) if row else None


def without_portrait(person: Person) -> Person:
    """The same record, portrait removed."""
    return replace(person, portrait=None)


def _insert(connection: Connection, people: list[Person]) -> None:
    # guardians first: the foreign key points at them
    ordered = sorted(people, key=lambda person: person.guardian_number is not None)
    connection.execute(insert(t.people), [_person_row(person) for person in ordered])
    connection.execute(insert(t.cards), [_card_row(person) for person in ordered])
    portraits = [_portrait_row(person) for person in ordered if person.portrait is not None]
    if portraits:
        connection.execute(insert(t.portraits), portraits)


def _person_row(person: Person) -> dict[str, Any]:
    return {column.name: getattr(person, column.name) for column in t.people.c}


def _card_row(person: Person) -> dict[str, Any]:
    card = person.card
    return {
        "number": person.number,
        "kind": card.kind,
        "date_of_issue": card.date_of_issue,
        "date_of_expiry": card.date_of_expiry,
        "status": card.status,
    }


def _portrait_row(person: Person) -> dict[str, Any]:
    return {"number": person.number, "jpeg": person.portrait}


def _access_row(access: Access, found: bool) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC),
        "caller": access.caller,
        "purpose": access.purpose,
        "operation": access.operation,
        "number_hash": access.number_hash,
        "found": found,
    }


def _person(row: RowMapping, today: date) -> Person:
    expiry: date | None = row["date_of_expiry"]
    status = row["status"]
    if status == "valid" and expiry is not None and expiry < today:
        status = "expired"  # a card runs out by itself; nobody writes that down on the day
    return Person(
        card=Card(row["kind"], row["date_of_issue"], expiry, status),
        portrait=row["jpeg"],
        **{column.name: row[column.name] for column in t.people.c},
    )
