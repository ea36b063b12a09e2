"""Enrolled faces in the store, and the search of two processes over it; on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, select

from ekyc.duplicates.ports import EnrolledFace
from ekyc.duplicates.seal import Seal
from ekyc.duplicates.search import Duplicates
from ekyc.face.calibration import TEMPLATE, Calibration
from ekyc.face.vectors import Vectors, unit
from ekyc.store.engine import open_engine
from ekyc.store.faces import SqlFaceStore
from ekyc.store.tables import enrolled_faces

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
CALIBRATION = Calibration("e", "m", {TEMPLATE: ((0.2, 1e-5), (0.3, 1e-4), (0.4, 1e-3))})
KEY = bytes(range(32))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


def process(engine: Engine, key: bytes = KEY) -> Duplicates:
    """What one process of the service has."""
    return Duplicates(SqlFaceStore(engine), Seal(key), CALIBRATION)


def face(seed: int) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=128))


def near(vector: Vectors, distance: float = 0.1) -> Vectors:
    """Another look of the same face."""
    aside = np.roll(vector, 1)
    return unit(vector + distance * unit(aside - vector * (aside @ vector)))


def found(duplicates: Duplicates, number: str, vector: Vectors) -> list[str]:
    return [one.verification_id for one in duplicates.search(number, vector, 1e-3, 1e-4)]


def test_the_same_face_under_another_number_is_found(engine: Engine) -> None:
    duplicates = process(engine)
    for seed in range(20):
        duplicates.enrol(f"ver_{seed}", f"number {seed}", face(seed), NOW)
    candidates = duplicates.search("number 99", near(face(7)), 1e-3, 1e-4)
    assert [one.verification_id for one in candidates] == ["ver_7"]
    assert candidates[0].distance == pytest.approx(0.1, abs=2e-3)
    assert found(duplicates, "number 99", face(99)) == []


def test_the_same_person_again_is_no_duplicate(engine: Engine) -> None:
    duplicates = process(engine)
    duplicates.enrol("ver_1", "number 1", face(1), NOW)
    duplicates.enrol("ver_2", "number 1", near(face(1)), NOW)
    assert found(duplicates, "number 1", near(face(1))) == []


def test_other_processes_learn_of_additions_and_removals(engine: Engine) -> None:
    one, other = process(engine), process(engine)
    assert found(one, "number 9", face(1)) == []
    other.enrol("ver_1", "number 1", face(1), NOW)
    assert found(one, "number 9", face(1)) == ["ver_1"]
    other.remove("ver_1")
    assert found(one, "number 9", face(1)) == []
    assert found(process(engine), "number 9", face(1)) == []  # a third one starts from the store


def test_a_removal_between_taking_in_and_answering(engine: Engine) -> None:
    """The index may still have it, the store has not: it is no candidate."""
    one = process(engine)
    one.enrol("ver_1", "number 1", face(1), NOW)
    assert found(one, "number 9", face(1)) == ["ver_1"]
    one._catch_up = lambda values: None  # type: ignore[method-assign]
    process(engine).remove("ver_1")
    assert found(one, "number 9", face(1)) == []


def test_what_became_an_account_stays_until_it_is_forgotten(engine: Engine) -> None:
    duplicates = process(engine)
    duplicates.enrol("ver_1", "number 1", face(1), NOW)
    duplicates.keep("ver_1")
    duplicates.remove("ver_1")
    duplicates.purge(NOW + timedelta(days=400))
    assert found(duplicates, "number 9", face(1)) == ["ver_1"]
    duplicates.forget("number 1")
    assert found(duplicates, "number 9", face(1)) == []


def test_a_newer_account_replaces_the_older_face_of_the_same_person(engine: Engine) -> None:
    duplicates = process(engine)
    for name in ("ver_1", "ver_2"):
        duplicates.enrol(name, "number 1", near(face(1)), NOW)
        duplicates.keep(name)
    assert found(duplicates, "number 9", face(1)) == ["ver_2"]


def test_what_never_became_an_account_goes_in_time(engine: Engine) -> None:
    duplicates = process(engine)
    duplicates.enrol("ver_1", "number 1", face(1), NOW)
    duplicates.purge(NOW)
    assert found(duplicates, "number 9", face(1)) == ["ver_1"]
    duplicates.purge(NOW + timedelta(seconds=1))
    assert found(duplicates, "number 9", face(1)) == []


def test_templates_are_encrypted_and_bound_to_their_verification(engine: Engine) -> None:
    duplicates = process(engine)
    duplicates.enrol("ver_1", "019304000127", face(1), NOW)
    with engine.connect() as connection:
        row = connection.execute(select(enrolled_faces)).one()
    assert np.asarray(face(1), dtype="<f2").tobytes()[:16] not in row.template
    assert "019304000127" not in repr(row)
    assert Seal(KEY).open(row.template, "ver_1", "e") is not None
    assert Seal(KEY).open(row.template, "ver_2", "e") is None
    assert Seal(KEY).open(row.template, "ver_1", "other") is None
    assert Seal(bytes(32)).open(row.template, "ver_1", "e") is None


def test_a_damaged_row_is_left_out(engine: Engine) -> None:
    store, duplicates = SqlFaceStore(engine), process(engine)
    store.add(EnrolledFace("ver_0", "p", "e", b"not sealed", NOW))
    duplicates.enrol("ver_1", "number 1", face(1), NOW)
    assert found(duplicates, "number 9", face(1)) == ["ver_1"]


def test_the_faces_of_another_engine_are_not_compared(engine: Engine) -> None:
    store = SqlFaceStore(engine)
    store.add(EnrolledFace("ver_0", "p", "other", Seal(KEY).close(face(1), "ver_0", "other"), NOW))
    assert found(process(engine), "number 9", face(1)) == []


def test_of_two_at_the_same_time_one_sees_the_other(engine: Engine) -> None:
    with ThreadPoolExecutor(2) as pool:
        for turn in range(5):
            first, second = process(engine), process(engine)

            def enrol(duplicates: Duplicates, name: str, turn: int = turn) -> list[str]:
                duplicates.enrol(name, name, face(100 + turn), NOW)
                return found(duplicates, name, face(100 + turn))

            answers = list(pool.map(enrol, (first, second), (f"ver_a{turn}", f"ver_b{turn}")))
            assert any(answers)


def test_many_changes_are_taken_in_in_parts(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ekyc.duplicates.search._BATCH", 3)
    duplicates = process(engine)
    for seed in range(10):
        duplicates.enrol(f"ver_{seed}", f"number {seed}", face(seed), NOW)
    for seed in (0, 4, 9):
        duplicates.remove(f"ver_{seed}")
    names = [found(duplicates, "number 99", face(seed)) for seed in range(10)]
    assert names == [[] if seed in (0, 4, 9) else [f"ver_{seed}"] for seed in range(10)]
