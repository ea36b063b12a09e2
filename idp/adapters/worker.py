"""Background work in threads of this process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("idp.worker")


class Worker:
    """Implements ``ports.Tasks``. Several threads, so that one slow receiver does not hold up the others; one
    of those that are free looks at the store from time to time."""

    def __init__(self, *, threads: int = 3, every: float = 2.0) -> None:
        """every: seconds between looks at the store, for retries and for what another process queued."""
        self._step: Callable[[], bool] = lambda: False
        self._count = threads
        self._every = every
        self._condition = threading.Condition()
        self._stopping = True
        self._wakes = 0
        self._watched = False
        self._threads: list[threading.Thread] = []

    def start(self, step: Callable[[], bool]) -> None:
        self._step = step
        self._stopping = False
        self._threads = [
            threading.Thread(target=self._run, name=f"worker-{n}", daemon=True) for n in range(self._count)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Lets the steps under way end; what is left stays in the store."""
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        for thread in self._threads:
            thread.join(timeout)
        self._threads = []

    def wake(self) -> None:
        with self._condition:
            self._wakes += 1
            self._condition.notify_all()

    def _run(self) -> None:
        seen = -1
        while not self._stopping:
            with self._condition:
                self._wait(seen)
                seen = self._wakes
            while not self._stopping and self._safe_step():
                pass

    def _wait(self, seen: int) -> None:
        """Until there may be work."""
        while seen == self._wakes and not self._stopping:
            if self._watched:
                self._condition.wait()
                continue
            self._watched = True
            self._condition.wait(self._every)
            self._watched = False
            self._condition.notify()  # somebody else watches while this one works
            return

    def _safe_step(self) -> bool:
        try:
            return self._step()
        except Exception as error:  # one bad piece must not end the thread
            log.error("a background step failed: %s", type(error).__name__, exc_info=error)
            return False
