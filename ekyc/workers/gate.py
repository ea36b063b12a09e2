"""Back-pressure: a bounded number of calls at work, a bounded number waiting, the others hear "busy"."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ekyc.errors import EkycError


class Gate:
    """``places`` calls at the same time; up to ``queue`` more wait, at most ``seconds`` each."""

    def __init__(self, places: int, queue: int, seconds: float) -> None:
        self._free = places
        self._queue = queue
        self._seconds = seconds
        self._waiting = 0
        self._changed = threading.Condition()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Raises EkycError("busy")."""
        self.enter()
        try:
            yield
        finally:
            self.add(1)

    def add(self, places: int) -> None:
        """More places (a worker is ready), or fewer (it has gone)."""
        with self._changed:
            self._free += places
            self._changed.notify_all()

    def enter(self) -> None:
        """Take a place, to be given back by ``add``. Raises EkycError("busy")."""
        until = time.monotonic() + self._seconds
        with self._changed:
            if self._free < 1 and self._waiting >= self._queue:
                raise EkycError("busy", "queue is full")
            self._waiting += 1
            try:
                if not self._changed.wait_for(lambda: self._free > 0, until - time.monotonic()):
                    raise EkycError("busy", "waited too long")
                self._free -= 1
            finally:
                self._waiting -= 1
