"""Worker processes: what comes back, what happens to one that dies or hangs, and when there are too many."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ekyc.errors import EkycError
from ekyc.workers.gate import Gate
from ekyc.workers.pool import WorkerPool

BUILD = "tests.unit.ekyc.workers.light:build"


@pytest.fixture
def make_pool() -> Iterator[Callable[..., WorkerPool]]:
    made: list[WorkerPool] = []

    def make(
        workers: int = 1, queue: int = 4, queue_seconds: float = 60, job_seconds: float = 60
    ) -> WorkerPool:
        pool = WorkerPool(
            workers, queue=queue, queue_seconds=queue_seconds, job_seconds=job_seconds, build=BUILD
        )
        made.append(pool)
        return pool

    yield make
    for pool in made:
        pool.end()


def test_jobs_run_in_other_processes(make_pool: Callable[..., WorkerPool]) -> None:
    pool = make_pool(workers=2)
    assert (pool.ready, pool.pids) == (False, [])  # nothing is started before it is needed
    pid, *rest = pool.run("echo", b"a", 2)
    assert rest == [b"a", 2]
    assert pid != os.getpid()
    assert pool.ready
    with ThreadPoolExecutor(2) as threads:
        seen = {future.result()[0] for future in [threads.submit(pool.run, "sleep", 0.5) for _ in range(8)]}
    assert seen == set(pool.pids)
    assert len(seen) == 2


def test_a_refusal_keeps_its_code_and_a_fault_its_place_only(
    make_pool: Callable[..., WorkerPool], caplog: pytest.LogCaptureFixture
) -> None:
    pool = make_pool()
    with pytest.raises(EkycError) as refused:
        pool.run("refuse")
    assert (refused.value.code, refused.value.detail) == ("face_not_found", "nobody")
    with pytest.raises(EkycError, match="internal"):
        pool.run("fail")
    assert "ValueError at" in caplog.text
    assert "light.py" in caplog.text
    assert "Đào" not in caplog.text
    assert pool.run("echo")[0] in pool.pids  # the same worker goes on


@pytest.mark.parametrize(("job", "args"), [("die", ()), ("sleep", (60,))], ids=["dies", "hangs"])
def test_a_lost_worker_is_replaced_and_its_caller_told(
    make_pool: Callable[..., WorkerPool], job: str, args: tuple[float, ...]
) -> None:
    pool = make_pool(job_seconds=5)
    first = pool.run("echo")[0]
    with pytest.raises(EkycError, match="worker_lost") as lost:
        pool.run(job, *args)
    assert lost.value.status == 503
    second = pool.run("echo")[0]
    assert second != first
    assert pool.pids == [second]
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_a_full_queue_says_so_at_once(make_pool: Callable[..., WorkerPool]) -> None:
    pool = make_pool(queue=1)
    pool.run("echo")
    with ThreadPoolExecutor(2) as threads:
        working = [threads.submit(pool.run, "sleep", 2.0) for _ in range(2)]
        while pool._gate._waiting == 0:
            time.sleep(0.01)
        with pytest.raises(EkycError, match="busy: queue is full"):
            pool.run("echo")
        assert all(future.result() for future in working)
    assert pool.run("echo")


def test_nothing_is_left_of_a_pool_that_has_ended(make_pool: Callable[..., WorkerPool]) -> None:
    pool = make_pool(workers=2)
    pool.run("echo")
    pids = pool.pids
    pool.end()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with pytest.raises(EkycError, match="busy"):
        pool.run("echo")


def test_a_worker_that_cannot_start_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    pool = WorkerPool(
        1, queue=4, queue_seconds=20, job_seconds=5, build="tests.unit.ekyc.workers.light:missing"
    )
    pool.begin()
    while "AttributeError" not in caplog.text:
        time.sleep(0.05)
    assert not pool.ready
    pool.end()


def test_places_of_a_gate_are_given_back() -> None:
    gate = Gate(2, 4, 0.01)
    with gate.hold(), gate.hold(), pytest.raises(EkycError, match="busy: waited"):
        gate.enter()
    with gate.hold():
        pass
    full = Gate(1, 0, 60)
    with full.hold(), pytest.raises(EkycError, match="busy: queue"):
        full.enter()
