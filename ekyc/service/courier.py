"""Sends what waits for webhooks, in threads of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

_LOG = logging.getLogger(__name__)
_THREADS = 2  # a receiver that answers slowly holds one


class Courier:
    """Calls ``deliver_next`` until nothing is due, then every ``every`` seconds."""

    def __init__(self, deliver_next: Callable[[], bool], every: float = 2) -> None:
        self._deliver_next = deliver_next
        self._every = every
        self._ended = threading.Event()

    def begin(self) -> None:
        """Start; returns at once."""
        self._ended.clear()
        for _ in range(_THREADS):
            threading.Thread(target=self._run, name="webhooks", daemon=True).start()

    def end(self) -> None:
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                if self._deliver_next():
                    continue
            except Exception as error:
                _LOG.error("webhooks failed, they are tried again: %s", type(error).__name__)
            self._ended.wait(self._every)
