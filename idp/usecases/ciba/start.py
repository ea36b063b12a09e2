"""The backchannel authentication endpoint (CIBA, section 7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from idp.domain import checks, ciba
from idp.domain.ciba.context import CibaContext
from idp.domain.claims import pairwise_subject
from idp.domain.errors import OAuthError
from idp.domain.grant_types import CIBA
from idp.domain.models import AuthorizationRequest, BackchannelRequest, Client, Ping
from idp.ports import Transaction
from idp.tokens import hash_secret, new_secret
from idp.usecases.authenticate_client import ClientCredentials, authenticate_client, prepare_credentials
from idp.usecases.ciba import hints, signed_request
from idp.usecases.ciba.alert import Compose, alert
from idp.usecases.read_request import hint_claims
from idp.usecases.services import Services
from idp.usecases.waiting import flood_key

INTERVAL = 5  # seconds between two polls
WINDOW, MOST = 15 * 60, 10  # requests to one citizen without a yes, in that many seconds


def start(
    services: Services, offered: ClientCredentials, params: dict[str, str], *, compose: Compose
) -> dict[str, Any]:
    """``auth_req_id``, ``expires_in``, ``interval`` (section 7.3).

    Raises OAuthError with a code of section 13, of RFC 8707 or RFC 9396, and ``too_many_attempts`` (429).
    """
    prepare_credentials(services, offered)
    with services.store.begin() as tx:
        client = authenticate_client(services, tx, offered)
    if CIBA not in client.grant_types:
        raise OAuthError("unauthorized_client", "the client is not registered for CIBA")
    asked = signed_request.unpack(services, client, params)
    token_hint = hints.of_token(services, client, asked.params)
    auth_req_id = new_secret("b")
    with services.store.begin() as tx:
        if asked.once and not tx.challenges.claim(*asked.once):
            raise OAuthError("invalid_request", "the signed request was used before")
        context = CibaContext(
            params=asked.params,
            repeated_names=frozenset(),
            client=client,
            private=True,
            hint_claims=hint_claims(services, asked.params),
            signed=asked.once is not None,
            details_types=services.details_types,
            token_hint=token_hint,
        )
        for rule in ciba.RULES:
            rule(context)
        account_id = hints.account_of(services, tx, client, context)
        _count(services, tx, client, context)
        request = _request(services, client, context, account_id, auth_req_id)
        tx.backchannel.add(request)
        alert(services, tx, client, request, compose)
        tx.audit.write(
            "backchannel.asked", request.created_at, account_id=account_id, client_id=client.client_id
        )
    services.tasks.wake()
    expires_in = request.expires_at - request.created_at
    return {"auth_req_id": auth_req_id, "expires_in": expires_in, "interval": request.interval}


def _count(services: Services, tx: Transaction, client: Client, context: CibaContext) -> None:
    """An app that goes on asking somebody who does not say yes has to wait, whoever that is.

    By what it calls them: counted by account, a number and a ``sub`` would tell that they are one person's.
    """
    hint, now = context.hint, services.clock()
    key = flood_key(client.client_id, (hint and hint.number) or (hint and hint.subject) or context.subject)
    tx.throttle.lock(key)
    if tx.throttle.failures(key, now - WINDOW) >= MOST:
        description = "too many requests to this citizen; wait"
        raise OAuthError("too_many_attempts", description, status=429, retry_after=WINDOW)
    tx.throttle.record(key, now)


def _request(
    services: Services, client: Client, context: CibaContext, account_id: str | None, auth_req_id: str
) -> BackchannelRequest:
    now, key = services.clock(), hash_secret(auth_req_id)
    token = context.notification_token
    return BackchannelRequest(
        auth_req_id_hash=key,
        client_id=client.client_id,
        account_id=account_id,
        request=_authorization(services, client, context, account_id, key),
        binding_message=context.binding_message,
        ping=Ping(auth_req_id, token) if token else None,
        interval=INTERVAL,
        created_at=now,
        expires_at=now + (context.requested_expiry or services.lifetimes.backchannel_request),
    )


def _authorization(
    services: Services, client: Client, context: CibaContext, account_id: str | None, key: str
) -> AuthorizationRequest:
    """What the citizen will be asked, on pages of ours; always the consent, for this very person."""
    salt = services.subject_salt
    return replace(
        checks.build(context),
        redirect_uri=f"{services.issuer}/account/requests/done",
        state=None,
        nonce=None,
        prompt=("consent",),
        subject=pairwise_subject(salt, client, account_id) if account_id else None,
        backchannel=key,
    )
