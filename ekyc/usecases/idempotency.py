"""The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header): a repeated call is done once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from ekyc.errors import EkycError

KEPT = timedelta(hours=24)
_ABANDONED = timedelta(minutes=2)  # a call that has not ended by then died with its server
_KEY = re.compile(r'"?([\x21\x23-\x7e]{1,255})"?')  # a quoted string (RFC 9651), or plain as many send it


@dataclass(frozen=True, slots=True)
class Call:
    """A call under a key: what was asked, and what was answered once it was."""

    fingerprint: str
    answer: dict[str, Any] | None
    at: datetime


class IdempotencyStore(Protocol):
    """Each method is one transaction. ``key`` is a digest."""

    def claim(self, tenant: str, key: str, call: Call, *, abandoned: datetime, old: datetime) -> Call | None:
        """Take the key, None; or the call that has it. Calls before ``old`` have lost theirs, and so has one
        without an answer from before ``abandoned``."""
        ...

    def answer(self, tenant: str, key: str, answer: dict[str, Any]) -> None: ...

    def release(self, tenant: str, key: str) -> None: ...


class Idempotency:
    """Only answers without personal data are kept; where an answer is personal, doing it again gives it."""

    def __init__(self, store: IdempotencyStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def once(
        self,
        tenant: str,
        header: str | None,
        request: bytes,
        work: Callable[[], dict[str, Any]],
        *,
        keep: bool = True,
    ) -> dict[str, Any]:
        """Do ``work``, or give the answer it gave under the same key. A refusal frees the key.

        request: what makes two calls the same. keep: False where ``work`` itself is idempotent and its
        answer personal. Raises EkycError: usage, idempotency_key_reused, idempotency_key_in_use.
        """
        if header is None:
            return work()
        key, now = _key(header), self._clock()
        mine = Call(hashlib.sha256(request).hexdigest(), None, now)
        earlier = self._store.claim(tenant, key, mine, abandoned=now - _ABANDONED, old=now - KEPT)
        if earlier is not None:
            if earlier.fingerprint != mine.fingerprint:
                raise EkycError("idempotency_key_reused")
            if earlier.answer is None:
                raise EkycError("idempotency_key_in_use")
            return earlier.answer if keep else work()
        try:
            answer = work()
        except BaseException:
            self._store.release(tenant, key)
            raise
        self._store.answer(tenant, key, answer if keep else {})
        return answer


def _key(header: str) -> str:
    found = _KEY.fullmatch(header)
    if found is None:
        raise EkycError("usage", "Idempotency-Key")
    return hashlib.sha256(found[1].encode()).hexdigest()
