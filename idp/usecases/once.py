"""A call whose answer may be lost on the way: repeated with the same key it is answered, not done again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from idp.domain.errors import CheckRefused
from idp.tokens import hash_secret
from idp.usecases.services import Services

LEASE = 90  # seconds after which work without an answer counts as broken off
KEPT = 3600  # seconds


def once(services: Services, key: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer of ``work``, which runs once for each key; what it raises is not kept.

    Raises CheckRefused("busy") while another call with this key is at work.
    """
    key, now = hash_secret(key), services.clock()
    with services.store.begin() as tx:
        claimed = tx.answers.claim(key, now, lease=LEASE, expires_at=now + KEPT)
        known = None if claimed else tx.answers.get(key)
    if known is not None:
        return known
    if not claimed:
        raise CheckRefused("busy", "the same call is being worked on", status=503, retry_after=1)
    try:
        answer = work()
    except BaseException:
        with services.store.begin() as tx:
            tx.answers.release(key)
        raise
    with services.store.begin() as tx:
        tx.answers.keep(key, answer)
    return answer
