"""Worker processes with models of their own: the server's event loop and interpreter lock stay free."""

from __future__ import annotations

import logging
import threading
from typing import Any

from ekyc.errors import EkycError
from ekyc.workers.gate import Gate
from ekyc.workers.worker import JobFailed, Worker, WorkerLost

_LOG = logging.getLogger(__name__)
_BUILD = "ekyc.workers.jobs:build_jobs"
_LONGEST_PAUSE = 30.0  # seconds between attempts to start a worker that will not start


class WorkerPool:
    """Implements ``ports.Runner``. A worker that dies is replaced; its job is not done again."""

    def __init__(
        self,
        workers: int,
        *,
        queue: int,
        queue_seconds: float,
        job_seconds: float,
        build: str = _BUILD,
        arguments: tuple[Any, ...] = (),
    ) -> None:
        """queue: most calls that wait. job_seconds: a worker that takes longer is ended and replaced.

        build, arguments: see ``Worker``.
        """
        self._workers = workers
        self._job_seconds = job_seconds
        self._build = build, arguments
        self._gate = Gate(0, queue, queue_seconds)
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._alive: set[Worker] = set()
        self._begun = False
        self._ended = threading.Event()
        self._loaded = threading.Event()

    @property
    def ready(self) -> bool:
        """Has a worker loaded its models?"""
        return self._loaded.is_set()

    @property
    def pids(self) -> list[int]:
        with self._lock:
            return [worker.pid for worker in self._alive]

    def begin(self) -> None:
        """Start the workers; returns at once."""
        with self._lock:
            if self._begun:
                return
            self._begun = True
        for _ in range(self._workers):
            self._start_one()

    def end(self) -> None:
        """End the workers at once, whatever they do."""
        self._ended.set()
        with self._lock:
            gone, self._alive, self._idle = self._alive, set(), []
        for worker in gone:
            worker.end()

    def run(self, job: str, *args: Any) -> Any:
        """Raises EkycError: as the job does, busy, worker_lost, internal."""
        self.begin()
        self._gate.enter()
        with self._lock:
            if not self._idle:  # only once the pool has ended
                raise EkycError("busy", "shutting down")
            worker = self._idle.pop()
        try:
            answer = worker.run(job, args, self._job_seconds)
        except WorkerLost as error:
            _LOG.error("a worker was lost in %s and is replaced: %s", job, error)
            self._replace(worker)
            raise EkycError("worker_lost", job) from error
        except JobFailed as error:
            self._give_back(worker)
            _LOG.error("%s failed: %s", job, error)
            raise EkycError("internal", job) from error
        except EkycError:
            self._give_back(worker)
            raise
        self._give_back(worker)
        return answer

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            self._idle.append(worker)
        self._gate.add(1)

    def _replace(self, worker: Worker) -> None:
        with self._lock:
            self._alive.discard(worker)
        worker.end()
        self._start_one()

    def _start_one(self) -> None:
        threading.Thread(target=self._start, name="worker-start", daemon=True).start()

    def _start(self) -> None:
        pause = 1.0
        while not self._ended.is_set():
            worker = Worker(*self._build)
            with self._lock:
                self._alive.add(worker)
            try:
                worker.wait_until_ready()
            except (WorkerLost, JobFailed) as error:
                if not self._ended.is_set():
                    _LOG.error("a worker did not start, it is tried again: %s", error)
            else:
                if not self._ended.is_set():
                    self._give_back(worker)
                    self._loaded.set()
                    return
            with self._lock:
                self._alive.discard(worker)
            worker.end()
            self._ended.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
