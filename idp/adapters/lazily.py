"""Adapters whose libraries take long to import, made at first use: a start is not held up by them."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any


class Lazily:
    """Stands for what ``make`` returns; ``warm`` makes it beforehand, in any thread."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: Any = None

    def warm(self) -> Any:
        with self._lock:
            if self._made is None:
                self._made = self._make()
        return self._made

    def __getattr__(self, name: str) -> Any:
        return getattr(self.warm(), name)
