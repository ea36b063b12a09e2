"""Sends queued logout tokens (OpenID Connect Back-Channel Logout 1.0)."""

from __future__ import annotations

from idp.domain.claims import pairwise_subject
from idp.domain.logout import ACCEPTED, MAX_ATTEMPTS, TOKEN_TYPE, logout_token_claims
from idp.domain.models import Client, LogoutDelivery
from idp.ports import LogoutSender
from idp.tokens import new_id
from idp.usecases.deliver import Outcome, deliver_one
from idp.usecases.services import Services


def deliver_next(services: Services, sender: LogoutSender) -> bool:
    """Sends one due logout token; False when none is due. No transaction is open meanwhile."""
    return deliver_one(
        services, lambda tx: tx.deliveries, lambda delivery, to: _attempt(services, sender, delivery, to)
    )


def delivery_log(services: Services, client_id: str | None) -> list[LogoutDelivery]:
    """Newest first, of one client or of all."""
    with services.store.read() as tx:
        return tx.deliveries.log(client_id)


def _attempt(
    services: Services, sender: LogoutSender, delivery: LogoutDelivery, client: Client | None
) -> Outcome:
    if client is None or client.backchannel_logout_uri is None:
        return "failed", "no_address"
    result = sender.send(client.backchannel_logout_uri, _token(services, client, delivery))
    if result in ACCEPTED:
        return "delivered", result
    return "failed" if delivery.attempts >= MAX_ATTEMPTS else "pending", result


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
