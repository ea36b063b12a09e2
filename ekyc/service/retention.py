"""Deletes on time what may not be kept longer, even when nobody starts a verification."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

_LOG = logging.getLogger(__name__)


class Retention:
    """Calls ``purge`` at once and then every ``every`` seconds, in a thread of its own."""

    def __init__(self, purge: Callable[[], None], every: float = 3600) -> None:
        self._purge = purge
        self._every = every
        self._ended = threading.Event()

    def begin(self) -> None:
        """Start; returns at once."""
        self._ended.clear()
        threading.Thread(target=self._run, name="retention", daemon=True).start()

    def end(self) -> None:
        self._ended.set()

    def _run(self) -> None:
        while True:
            try:
                self._purge()
            except Exception as error:
                _LOG.error("retention failed, it is tried again: %s", type(error).__name__)
            if self._ended.wait(self._every):
                return
