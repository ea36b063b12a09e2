"""One step of an outgoing queue: claim a message, send it without a transaction, write how it went."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TypeVar

from idp.domain.logout import delay
from idp.domain.models import Client, Delivery
from idp.ports import Deliveries, Transaction
from idp.usecases.services import Services

_LEASE = 60  # seconds; longer than a sender can take
D = TypeVar("D", bound=Delivery)
Outcome = tuple[str, str]  # the state afterwards, and the result for the log


def deliver_one(
    services: Services,
    queue: Callable[[Transaction], Deliveries[D]],
    attempt: Callable[[D, Client | None], Outcome],
) -> bool:
    """False when nothing is due. ``attempt`` answers ``delivered``, ``failed``, or ``pending`` for again."""
    now = services.clock()
    with services.store.read() as tx:
        if not queue(tx).due(now):
            return False
    with services.store.begin() as tx:
        delivery = queue(tx).claim(now, _LEASE)
        client = tx.clients.get(delivery.client_id) if delivery else None
    if delivery is None:
        return True
    state, result = attempt(delivery, client)
    now = services.clock()
    wait = delay(delivery.attempts, secrets.randbelow(1000) / 1000)
    with services.store.begin() as tx:
        queue(tx).settle(delivery, state=state, result=result, next_attempt_at=now + wait, now=now)
    return True
