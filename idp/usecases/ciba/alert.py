"""Tells a citizen that an app waits for their answer, where they have proven an address."""

from __future__ import annotations

from collections.abc import Callable

from idp.domain.contact import Channel, Message
from idp.domain.errors import PageError
from idp.domain.models import BackchannelRequest, Client
from idp.ports import Transaction
from idp.usecases import throttle
from idp.usecases.services import Services

PAUSE, DAY = 60, 24 * 3600  # seconds
A_DAY = 10  # alerts to one citizen

Compose = Callable[[Channel, str, Client], Message]  # (channel, address, the app)


def alert(
    services: Services, tx: Transaction, client: Client, request: BackchannelRequest, compose: Compose
) -> None:
    """Queues one message, by phone rather than by e-mail; none where the citizen had many just now.

    What the app wrote is not in it: that is shown beside the app's name, on a page of ours.
    """
    account = tx.accounts.get(request.account_id) if request.account_id else None
    if account is None:
        return
    addresses: dict[Channel, str | None] = {"phone": account.phone, "email": account.email}
    for channel, to in addresses.items():
        if to and channel in services.messengers:
            if _may_ring(services, tx, account.account_id):
                tx.messages.add(compose(channel, to, client), services.clock(), request.expires_at)
            return


def _may_ring(services: Services, tx: Transaction, account_id: str) -> bool:
    try:
        throttle.attempt(services, tx, {f"alert-now:{account_id}": 1}, PAUSE)
        throttle.attempt(services, tx, {f"alerts-to:{account_id}": A_DAY}, DAY)
    except PageError:
        return False
    return True
