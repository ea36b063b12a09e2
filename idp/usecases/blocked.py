"""Who is turned away for a while."""

from __future__ import annotations

from threading import Lock

_MOST = 10_000  # keys; the oldest is forgotten, and blocked again at its next failure


class Blocked:
    """Keys and until when (Unix seconds), in this process."""

    def __init__(self) -> None:
        self._until: dict[str, int] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._until)

    def until(self, key: str) -> int:
        return self._until.get(key, 0)

    def add(self, key: str, until: int) -> None:
        with self._lock:
            if len(self._until) >= _MOST:
                self._until.pop(next(iter(self._until)))
            self._until[key] = until
