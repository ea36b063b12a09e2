"""Sends what was queued, after the transaction that queued it."""

from __future__ import annotations

import logging

from idp.domain.contact import Message
from idp.domain.errors import MessageNotSent
from idp.usecases.services import Services

log = logging.getLogger("idp.messages")

_LEASE = 120  # seconds; longer than a carrier can take


def send_next(services: Services) -> bool:
    """Sends one due message; False when none is due. Tried again, ever later, until it is out of date."""
    now = services.clock()
    with services.store.read() as tx:
        if not tx.messages.due(now):
            return False
    with services.store.begin() as tx:
        claimed = tx.messages.claim(now, _LEASE)
    if claimed is None:
        return True
    message_id, attempts, message = claimed
    problem = _send(services, message)
    with services.store.begin() as tx:
        if problem is None:
            tx.messages.remove(message_id)
        else:
            tx.messages.postpone(message_id, services.clock() + min(5 * 2**attempts, 120))
    if problem is not None:
        log.warning("%s message %s not sent, attempt %s: %s", message.channel, message_id, attempts, problem)
    return True


def _send(services: Services, message: Message) -> str | None:
    """What went wrong, if anything."""
    messenger = services.messengers.get(message.channel)
    if messenger is None:
        return "not configured"
    try:
        messenger.send(message)
    except MessageNotSent as error:
        return str(error)
    return None
