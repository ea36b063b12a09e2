"""Sends queued logout tokens (OpenID Connect Back-Channel Logout 1.0)."""

from __future__ import annotations

import secrets

from idp.domain.claims import pairwise_subject
from idp.domain.logout import ACCEPTED, MAX_ATTEMPTS, TOKEN_TYPE, delay, logout_token_claims
from idp.domain.models import Client, LogoutDelivery
from idp.ports import LogoutSender
from idp.tokens import new_id
from idp.usecases.services import Services

_LEASE = 60  # seconds; longer than the sender can take


def deliver_next(services: Services, sender: LogoutSender) -> bool:
    """Sends one due logout token; False when none is due. No transaction is open meanwhile."""
    now = services.clock()
    with services.store.read() as tx:
        if not tx.deliveries.due(now):
            return False
    with services.store.begin() as tx:
        delivery = tx.deliveries.claim(now, _LEASE)
        client = tx.clients.get(delivery.client_id) if delivery else None
    if delivery is None:
        return True
    if client is None or client.backchannel_logout_uri is None:
        _settle(services, delivery, "failed", "no_address")
        return True
    result = sender.send(client.backchannel_logout_uri, _token(services, client, delivery))
    if result in ACCEPTED:
        _settle(services, delivery, "delivered", result)
    elif delivery.attempts >= MAX_ATTEMPTS:
        _settle(services, delivery, "failed", result)
    else:
        _settle(services, delivery, "pending", result)
    return True


def delivery_log(services: Services, client_id: str | None) -> list[LogoutDelivery]:
    """Newest first, of one client or of all."""
    with services.store.read() as tx:
        return tx.deliveries.log(client_id)


def _token(services: Services, client: Client, delivery: LogoutDelivery) -> str:
    claims = logout_token_claims(
        issuer=services.issuer,
        client=client,
        subject=pairwise_subject(services.subject_salt, client, delivery.account_id),
        sid=delivery.sid,
        jti=new_id(),
        now=services.clock(),
    )
    return services.signer.sign(claims, alg=client.id_token_signed_response_alg, typ=TOKEN_TYPE)


def _settle(services: Services, delivery: LogoutDelivery, state: str, result: str) -> None:
    now = services.clock()
    wait = delay(delivery.attempts, secrets.randbelow(1000) / 1000)
    with services.store.begin() as tx:
        tx.deliveries.settle(delivery, state=state, result=result, next_attempt_at=now + wait, now=now)
