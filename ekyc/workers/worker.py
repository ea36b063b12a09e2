"""One worker process: its main loop, and the parent's end of it.

Everything that may be slow to import is imported in the child, after it has set its number of threads.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import traceback
from multiprocessing.connection import Connection
from typing import Any

from ekyc.errors import EkycError

_READY_SECONDS = 180.0  # reading the models from a cold disk
_SPAWN = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold


class WorkerLost(Exception):
    """The process died, or took too long and was ended."""


class JobFailed(Exception):
    """The job raised something that is no refusal; the text is its kind and place, never a value."""


class Worker:
    """A process that does one job at a time. build: "module:function" that gives its ``Jobs``."""

    def __init__(self, build: str, arguments: tuple[Any, ...] = ()) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(
            target=_main, args=(theirs, build, arguments), name="ekyc-worker", daemon=True
        )
        self._process.start()
        theirs.close()  # so that the end of the process is the end of the pipe

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def wait_until_ready(self) -> None:
        """Raises WorkerLost or JobFailed when the models cannot be loaded."""
        self._answer(_READY_SECONDS)

    def run(self, job: str, args: tuple[Any, ...], seconds: float) -> Any:
        """Raises EkycError as the job does, JobFailed, WorkerLost."""
        try:
            self._pipe.send((job, args))
        except OSError as error:
            raise WorkerLost(job) from error
        return self._answer(seconds)

    def end(self) -> None:
        """End the process, whatever it does; returns when it has gone."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _answer(self, seconds: float) -> Any:
        try:
            if not self._pipe.poll(seconds):
                raise WorkerLost(f"no answer in {seconds:g} s")
            kind, value = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerLost("the process has ended") from error
        if kind == "refused":
            raise EkycError(*value)
        if kind == "failed":
            raise JobFailed(value)
        return value


def _main(pipe: Connection, build: str, arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the parent, which ends us
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as many processes as cores: more threads only wait
    module, _, function = build.partition(":")
    jobs: list[Any] = []

    def load() -> None:
        import cv2

        cv2.setNumThreads(1)
        jobs.append(getattr(importlib.import_module(module), function)(*arguments))
        jobs[0].warm()

    pipe.send(_attempt(load))
    while jobs:
        try:
            job, args = pipe.recv()
        except EOFError:
            return
        pipe.send(_attempt(jobs[0].run, job, *args))


def _attempt(work: Any, *args: Any) -> tuple[str, Any]:
    try:
        return "done", work(*args)
    except EkycError as error:
        return "refused", (error.code, error.detail)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return "failed", f"{type(error).__name__} at {place.filename}:{place.lineno}"
