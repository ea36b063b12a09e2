"""Pings: tells an app that its request was decided (CIBA, section 10.2)."""

from __future__ import annotations

from idp.domain.models import Client, PingDelivery
from idp.ports import PingSender
from idp.usecases.deliver import Outcome, deliver_one
from idp.usecases.services import Services

_ACCEPTED = ("200", "204")
_FINAL = ("3", "4")  # redirects are never followed; 4xx is the app's own word
_PASSING = ("408", "429")


def ping_next(services: Services, sender: PingSender) -> bool:
    """Sends one due ping; False when none is due. No transaction is open meanwhile."""
    return deliver_one(
        services, lambda tx: tx.pings, lambda delivery, to: _attempt(services, sender, delivery, to)
    )


def ping_log(services: Services, client_id: str | None) -> list[PingDelivery]:
    """Newest first, of one client or of all."""
    with services.store.read() as tx:
        return tx.pings.log(client_id)


def _attempt(
    services: Services, sender: PingSender, delivery: PingDelivery, client: Client | None
) -> Outcome:
    with services.store.read() as tx:
        found = tx.backchannel.get(delivery.auth_req_id_hash)
    uri = client.backchannel_client_notification_endpoint if client else None
    if uri is None or found is None or found.ping is None:
        return "failed", "no_address"
    if found.expires_at <= services.clock():
        return "failed", "expired"
    result = sender.ping(uri, found.ping)
    if result in _ACCEPTED:
        return "delivered", result
    return "failed" if result.startswith(_FINAL) and result not in _PASSING else "pending", result
