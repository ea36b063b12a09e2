"""The service with its worker processes, models and all."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ekyc.app import build_verifications, create_app
from ekyc.registry.embedded import open_registry
from ekyc.settings import Settings
from ekyc.workers.here import InProcess
from ekyc.workers.pool import WorkerPool
from tests.ekyc_samples import citizen, quick_answer, timed
from tests.ekyc_world import card_photos


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, WorkerPool, Path]]:
    data = tmp_path_factory.mktemp("workers")
    registry = open_registry(data)
    registry.seed(20, 1)
    registry.close()
    app = create_app(Settings(data=data, min_action_seconds=0, workers=1, queue_seconds=120, job_seconds=60))
    with TestClient(app, base_url="http://localhost") as client:
        assert client.get("/healthz").json() == {"status": "ok"}  # before any model is loaded
        deadline = time.monotonic() + 120
        while client.get("/readyz").status_code == 503 and time.monotonic() < deadline:
            time.sleep(0.1)
        yield client, app.state.services.runner, data


def test_a_whole_verification_in_workers(service: tuple[TestClient, WorkerPool, Path]) -> None:
    client, _, data = service
    registry = open_registry(data)
    person = registry.person(registry.sample_numbers()["04"])
    registry.close()
    started = client.post("/v1/verifications").json()
    path = f"/v1/verifications/{started['id']}"
    for side, photo in card_photos(person).items():
        read = client.put(f"{path}/documents/{side}", content=photo)
    assert read.json()["number"]["value"] == person.number
    frames = timed(quick_answer("04", started["challenge"]))
    for first in range(0, len(frames), 4):
        batch = frames[first : first + 4]
        files = [("frames", (f"{at}.jpg", image)) for at, image in batch]
        face = client.post(f"{path}/frames", files=files, data={"at": [str(at) for at, _ in batch]}).json()
    assert face["state"] == "done"
    outcome = client.post(f"{path}/decision").json()
    assert (outcome["verdict"], outcome["reasons"]) == ("accept", [])


def test_health_is_answered_while_frames_are_judged(service: tuple[TestClient, WorkerPool, Path]) -> None:
    """The worker is stopped in the middle of its work: nothing else waits for it."""
    client, pool, _ = service
    started = client.post("/v1/verifications").json()
    files = [("frames", ("0.jpg", citizen("04").frames("neutral")[0]))]
    (pid,) = pool.pids
    os.kill(pid, signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(1) as threads:
            judging = threads.submit(
                client.post, f"/v1/verifications/{started['id']}/frames", files=files, data={"at": "0"}
            )
            while pool._idle:
                time.sleep(0.01)
            assert client.get("/healthz").status_code == 200
            assert client.get("/readyz").status_code == 200
            assert client.get(f"/v1/verifications/{started['id']}").json()["state"] == "open"
            assert not judging.done()
            os.kill(pid, signal.SIGCONT)
            assert judging.result(60).json()["state"] == "continue"
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_worker_that_dies_is_a_clear_error_and_is_replaced(
    service: tuple[TestClient, WorkerPool, Path],
) -> None:
    client, pool, _ = service
    os.kill(pool.pids[0], signal.SIGKILL)
    files = {"a": citizen("01").portrait(), "b": citizen("01").selfie()}
    lost = client.post("/v1/match", files=files)
    assert (lost.status_code, lost.json()["code"]) == (503, "worker_lost")
    assert int(lost.headers["retry-after"]) > 0
    assert client.post("/v1/match", files=files).json()["same_person"] is True


def test_embedded_the_engine_stays_in_this_process_unless_asked(tmp_path: Path) -> None:
    def runner(workers: int | None) -> object:
        built = build_verifications(Settings(data=tmp_path, workers=workers))
        return built._parts.faces._runner  # type: ignore[attr-defined]

    assert isinstance(runner(None), InProcess)
    assert isinstance(runner(0), InProcess)
    assert isinstance(runner(1), WorkerPool)
