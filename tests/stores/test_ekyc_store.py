"""The store of verifications, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import inspect

from ekyc.chip.reading import ChipReading
from ekyc.liveness.judge import fail, start
from ekyc.store.engine import open_engine
from ekyc.store.tables import metadata
from ekyc.store.verifications import SqlVerificationStore
from ekyc.types import Check, DocumentType, Field, SideReading
from ekyc.usecases.record import ChipState, Conflict, FaceSample, Record

NOW = datetime(2026, 6, 1, 9, 0, 0, 123456, tzinfo=UTC)
FRONT = SideReading(
    side="front",
    document_type=DocumentType.CAN_CUOC,
    fields={"print": {"number": Field("019304000127", "print", 0.98, "O19304000127")}},
    checks=(Check("mrz_digits", "unavailable", "front"),),
    portrait=b"\xff\xd8 portrait",
    sha256="ab" * 32,
)
BACK = replace(FRONT, side="back", portrait=None, sha256="cd" * 32)

CHIP = ChipReading(
    trust="verified",
    anchored=True,
    active=True,
    fields={"full_name": Field("ĐẶNG HỮU THỌ", "chip", 1.0, "Đặng Hữu Thọ")},
    checks=(Check("chip_groups_agree", "pass"),),
    portrait=b"\xff\xd8 portrait",
    protocols=("2.23.136.1.1.5",),
    digest="sha256",
    signer="ab" * 32,
    issuer="",
    sha256={"dg1": "cd" * 32},
)


@pytest.fixture
def store(database_url: str) -> Iterator[SqlVerificationStore]:
    opened = SqlVerificationStore(open_engine(database_url))
    yield opened
    opened.close()


def record(name: str = "ver_1", created_at: datetime = NOW) -> Record:
    return Record(name, created_at, start(("blink", "turn_left", "open_mouth", "turn_right")))


def face(value: float) -> FaceSample:
    return FaceSample("straight", np.full(128, value))


def test_migrations_make_exactly_the_tables(database_url: str) -> None:
    engine = open_engine(database_url)
    found = inspect(engine)
    assert set(found.get_table_names()) == {*metadata.tables, "ekyc_version"}
    for table in metadata.tables.values():
        columns = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert columns == {column.name: bool(column.nullable) for column in table.columns}
        indexes = {index["name"] for index in found.get_indexes(table.name)}
        assert indexes == {index.name for index in table.indexes}
    engine.dispose()
    open_engine(database_url).dispose()  # a second start finds nothing to do


def test_a_record_comes_back_as_it_was(store: SqlVerificationStore) -> None:
    full = replace(
        record(),
        attempts=3,
        failures=("liveness_still", "liveness_timeout"),
        photos=4,
        progress=fail(record().progress, "liveness_wrong_order"),
        sides={"front": FRONT, "back": BACK},
        chip=ChipState("00ff" * 4, True, 2, ("chip_cloned",), CHIP),
        outcome={"verdict": "reject", "fields": {"full_name": "Đặng Hữu Thọ"}},
    )
    store.insert(full)
    assert store.load("ver_1") == full
    assert store.load("ver_2") is None


def test_a_chip_goes_when_it_is_taken_out(store: SqlVerificationStore) -> None:
    store.insert(replace(record(), chip=ChipState("00", False)))
    first = store.load("ver_1")
    assert first is not None
    second = store.save(first, replace(first, chip=replace(first.chip, reading=CHIP)))
    assert store.load("ver_1") == second
    third = store.save(second, replace(second, chip=ChipState()))
    assert store.load("ver_1") == third


def test_faces_come_back_in_order_to_the_last_bit(store: SqlVerificationStore) -> None:
    samples = (face(1 / 3), FaceSample("moving", np.linspace(-1, 1, 128)), face(np.pi))
    store.insert(replace(record(), faces=samples))
    loaded = store.load("ver_1")
    assert loaded is not None
    assert [sample.kind for sample in loaded.faces] == ["straight", "moving", "straight"]
    for sample, expected in zip(loaded.faces, samples, strict=True):
        np.testing.assert_array_equal(sample.embedding, expected.embedding)


def test_saving_raises_the_version_and_an_old_one_conflicts(store: SqlVerificationStore) -> None:
    store.insert(record())
    old = store.load("ver_1")
    assert old is not None
    saved = store.save(old, replace(old, photos=1))
    assert saved.version == 1
    assert store.load("ver_1") == saved
    with pytest.raises(Conflict):
        store.save(old, replace(old, photos=9), captures={"front": b"late"})
    assert store.load("ver_1") == saved
    assert store.captures("ver_1") == {}


def test_of_many_writers_exactly_one_wins(store: SqlVerificationStore) -> None:
    store.insert(record())
    old = store.load("ver_1")
    assert old is not None

    def write(photos: int) -> bool:
        try:
            store.save(old, replace(old, photos=photos, faces=(face(photos),)))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(write, range(1, 7))) == [False] * 5 + [True]
    now = store.load("ver_1")
    assert now is not None
    assert (now.version, now.faces[0].embedding[0]) == (1, now.photos)


def test_sides_and_faces_are_replaced_and_removed(store: SqlVerificationStore) -> None:
    store.insert(replace(record(), sides={"front": FRONT}, faces=(face(1), face(2))))
    one = store.load("ver_1")
    assert one is not None
    two = store.save(one, replace(one, sides={"front": FRONT, "back": BACK}, faces=(face(3),)))
    loaded = store.load("ver_1")
    assert loaded is not None
    assert list(loaded.sides) == ["front", "back"]
    assert len(loaded.faces) == 1
    store.save(two, replace(two, sides={}, faces=()))
    emptied = store.load("ver_1")
    assert emptied is not None
    assert (emptied.sides, emptied.faces) == ({}, ())


def test_captures_are_kept_by_kind_and_dropped_together(store: SqlVerificationStore) -> None:
    store.insert(record())
    one = store.load("ver_1")
    assert one is not None
    two = store.save(one, one, captures={"front": b"first", "face": b"face"})
    three = store.save(two, two, captures={"front": b"second"})
    assert store.captures("ver_1") == {"front": b"second", "face": b"face"}
    store.save(three, three, drop_captures=True)
    assert store.captures("ver_1") == {}


def test_dropped_pictures_and_templates_leave_the_file(tmp_path: Path) -> None:
    """A rejected applicant's biometrics go at once: SQLite would leave them in pages it has freed."""
    engine = open_engine(f"sqlite:///{tmp_path / 'ekyc.db'}")
    store, picture = SqlVerificationStore(engine), b"a face of 20 KB, " * 1200
    before = replace(record(), faces=(face(0.123456789),))
    store.insert(before)
    held = store.save(before, before, captures={"face": picture})
    template = np.asarray(before.faces[0].embedding, dtype="<f8").tobytes()

    def on_disk() -> bytes:
        with closing(sqlite3.connect(tmp_path / "ekyc.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert picture[:1000] in on_disk()
    assert template[:64] in on_disk()
    store.save(held, replace(held, faces=()), drop_captures=True)
    assert picture[:16] not in on_disk()
    assert template[:64] not in on_disk()
    engine.dispose()


def test_frames_belong_to_the_verification_that_showed_them_first(store: SqlVerificationStore) -> None:
    a, b, c = ("a" * 64, "b" * 64, "c" * 64)
    assert store.claim_frames("ver_1", [a, b, a], NOW)
    assert store.claim_frames("ver_1", [b], NOW)
    assert not store.claim_frames("ver_2", [c, a], NOW)
    assert not store.claim_frames("ver_1", [c], NOW)
    assert store.claim_frames("ver_3", [], NOW)


def test_two_verifications_cannot_claim_one_frame(store: SqlVerificationStore) -> None:
    digests = [f"{n:064x}" for n in range(8)]
    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(lambda n: store.claim_frames(f"ver_{n}", digests, NOW), range(4)))
    assert claimed.count(True) == 1


def test_deleting_takes_everything_but_the_digests(store: SqlVerificationStore) -> None:
    store.insert(replace(record(), sides={"front": FRONT}, faces=(face(1),)))
    one = store.load("ver_1")
    assert one is not None
    store.save(one, one, captures={"front": b"photo"})
    store.claim_frames("ver_1", ["d" * 64], NOW)
    assert store.delete("ver_1")
    assert not store.delete("ver_1")
    assert store.load("ver_1") is None
    assert store.captures("ver_1") == {}
    assert not store.claim_frames("ver_2", ["d" * 64], NOW)


def purge(store: SqlVerificationStore, *, decided: datetime, frames: datetime) -> int:
    yesterday = NOW - timedelta(days=1)
    return store.purge(
        NOW,
        undecided=yesterday,
        decided=decided,
        frames=frames,
        failures=yesterday,
        expired=lambda record_id: record_id,
    )


def test_purging_by_age(store: SqlVerificationStore) -> None:
    day = timedelta(days=1)
    outcome = {"verdict": "review"}
    store.insert(record("open_old", NOW - 2 * day))
    store.insert(record("open_new", NOW))
    store.insert(replace(record("decided_new", NOW - 2 * day), outcome=outcome))
    store.insert(replace(record("decided_old", NOW - 40 * day), outcome=outcome))
    store.claim_frames("open_old", ["e" * 64], NOW - 100 * day)
    gone = purge(store, decided=NOW - 30 * day, frames=NOW - 90 * day)
    assert gone == 2
    left = ("open_old", "open_new", "decided_new", "decided_old")
    assert [store.load(name) is not None for name in left] == [False, True, True, False]
    assert store.claim_frames("open_new", ["e" * 64], NOW)


def test_the_database_answers_until_it_is_gone(database_url: str) -> None:
    opened = SqlVerificationStore(open_engine(database_url))
    opened.ping()
    opened.close()


def test_failures_are_counted_by_number_and_time(store: SqlVerificationStore) -> None:
    day = timedelta(days=1)
    for number, at in (("a" * 64, NOW), ("a" * 64, NOW - 2 * day), ("b" * 64, NOW)):
        store.note_failure(number, at)
    assert store.failures_since("a" * 64, NOW - day) == 1
    assert store.failures_since("a" * 64, NOW - 3 * day) == 2
    purge(store, decided=NOW - day, frames=NOW - day)
    assert store.failures_since("a" * 64, NOW - 3 * day) == 1
