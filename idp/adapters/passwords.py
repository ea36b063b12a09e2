"""Passwords by Argon2id (RFC 9106), through passlib."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore
from typing import Any


@cache
def _hasher() -> Any:
    """Loaded at its first use.

    RFC 9106, section 4: the second recommended option (64 MiB, 3 passes), with one lane for two cores.
    """
    from passlib.hash import argon2

    return argon2.using(type="ID", memory_cost=65536, time_cost=3, parallelism=1)


# The hash of random bytes nobody kept, with the same costs: an unknown account takes as long as a known one.
_DECOY = "$argon2id$v=19$m=65536,t=3,p=1$T0kJYYzxvvcew3jPOQdASA$UETHY27DY7ElH+LM9ibFxegIdHhbu2yg1N/YjVNPj8w"


class Argon2Hasher:
    """Implements ``ports.PasswordHasher``. A hash takes 64 MiB: few run at the same time, the others wait."""

    quick = False

    def __init__(self) -> None:
        self._turn = BoundedSemaphore(4)

    def hash(self, password: str) -> str:
        with self._turn:
            hashed: str = _hasher().hash(password)
        return hashed

    def verify(self, password: str, stored: str | None) -> bool:
        try:
            with self._turn:
                matches: bool = _hasher().verify(password, stored or _DECOY)
        except ValueError:  # a NUL byte, or a hash that is none
            return False
        return matches and stored is not None
