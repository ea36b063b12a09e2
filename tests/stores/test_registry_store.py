"""The registry's repository: one contract, SQLite and PostgreSQL."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from ekyc.registry.engine import open_engine
from ekyc.registry.person import Card, Person
from ekyc.registry.seed import build_population, make_person, seed_registry
from ekyc.registry.store import Access, RegistryStore, Seeding
from ekyc.registry.tables import metadata

ACCESS = Access("test", "a test", "lookup", "0" * 64)
TODAY = date(2026, 11, 22)


@pytest.fixture
def store(database_url: str) -> Iterator[RegistryStore]:
    opened = RegistryStore(open_engine(database_url), today=lambda: TODAY)
    yield opened
    opened.close()


def adult(**changes: object) -> Person:
    drawn = make_person(random.Random(4), date_of_birth=date(1990, 5, 6), date_of_issue=date(2022, 3, 1))
    return replace(drawn, **changes)  # type: ignore[arg-type]


def test_migrations_make_exactly_the_tables(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "registry_version"})
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "registry_version"}
    engine.dispose()


def test_opening_twice_keeps_the_data(database_url: str) -> None:
    first = RegistryStore(open_engine(database_url))
    first.add(adult())
    first.close()
    again = RegistryStore(open_engine(database_url))
    assert again.count() == 1
    again.close()


def test_several_openers_of_a_new_database_migrate_once(database_url: str) -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            open_engine(database_url).dispose()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_person_comes_back_whole(store: RegistryStore) -> None:
    person = adult(portrait=b"\xff\xd8 picture", old_number="090123456")
    store.add(person)
    assert store.get(person.number) == person
    assert store.get("019099000001") is None


def test_one_record_a_number(store: RegistryStore) -> None:
    store.add(adult())
    with pytest.raises(IntegrityError):
        store.add(adult(full_name="Trần Văn Khác"))
    assert store.count() == 1


def test_update_replaces_record_card_and_portrait(store: RegistryStore) -> None:
    person = adult(portrait=b"\xff\xd8 old")
    store.add(person)
    card = Card("can_cuoc", date(2026, 1, 5), date(2030, 5, 6), "cancelled")
    changed = replace(person, full_name="Lê Thị Mới", card=card, life_status="deceased", portrait=None)
    store.update(changed)
    assert store.get(person.number) == changed


def test_update_of_an_unknown_number(store: RegistryStore) -> None:
    with pytest.raises(KeyError):
        store.update(adult())


@pytest.mark.parametrize(
    ("expiry", "status", "seen"),
    [
        (TODAY - timedelta(days=1), "valid", "expired"),
        (TODAY, "valid", "valid"),
        (None, "valid", "valid"),
        (TODAY - timedelta(days=1), "cancelled", "cancelled"),
        (TODAY + timedelta(days=1), "expired", "expired"),
    ],
)
def test_a_card_expires_by_the_calendar(
    store: RegistryStore, expiry: date | None, status: str, seen: str
) -> None:
    person = adult(card=Card("cccd_chip", date(2022, 3, 1), expiry, status))  # type: ignore[arg-type]
    store.add(person)
    found = store.get(person.number)
    assert found is not None
    assert found.card.status == seen


def test_every_question_is_recorded(store: RegistryStore) -> None:
    person = adult()
    store.add(person)
    before = datetime.now(UTC)
    assert store.consult(person.number, ACCESS) == person
    assert store.consult("019099000001", replace(ACCESS, operation="match")) is None
    first, second = store.accesses()
    assert (first["caller"], first["purpose"], first["operation"], first["found"]) == (
        "test", "a test", "lookup", True,
    )  # fmt: skip
    assert (second["operation"], second["found"]) == ("match", False)
    moment = first["at"] if first["at"].tzinfo else first["at"].replace(tzinfo=UTC)
    assert before - timedelta(seconds=1) <= moment <= datetime.now(UTC) + timedelta(seconds=1)


def test_seeding_is_complete_and_repeatable(store: RegistryStore) -> None:
    assert seed_registry(store, 60, 5) is True
    assert seed_registry(store, 60, 5) is False
    assert store.count() == 60
    people, samples = build_population(60, 5)
    assert store.sample_numbers() == samples
    for person in people:
        found = store.get(person.number)
        assert found is not None
        assert replace(found, card=person.card) == person


def test_seeding_again_replaces_everybody_and_keeps_the_log(store: RegistryStore) -> None:
    seed_registry(store, 60, 5)
    old = store.sample_numbers()["01"]
    store.consult(old, ACCESS)
    assert seed_registry(store, 40, 6) is True
    assert store.count() == 40
    assert store.get(old) is None
    assert len(store.accesses()) == 1
    assert store.seeding() == Seeding(1, 40, 6)


def test_a_failed_replacement_changes_nothing(store: RegistryStore) -> None:
    seed_registry(store, 40, 6)
    orphan = adult(guardian_number="019099000001")
    with pytest.raises(IntegrityError):
        store.replace_all([orphan], {}, Seeding(1, 1, 1))
    assert store.count() == 40
    assert store.seeding() == Seeding(1, 40, 6)


def test_parallel_questions_are_all_answered_and_recorded(store: RegistryStore) -> None:
    person = adult()
    store.add(person)
    answers: list[Person | None] = []
    threads = [
        threading.Thread(
            target=lambda: answers.extend(store.consult(person.number, ACCESS) for _ in range(10))
        )
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [person] * 60
    assert len(store.accesses()) == 60
