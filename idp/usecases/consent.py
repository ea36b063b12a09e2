"""The citizen decides what an app may see (Law 91/2025, Article 9: specific, informed, unticked)."""

from __future__ import annotations

from dataclasses import dataclass

from idp.domain.consent import items, missing
from idp.domain.contact import Channel
from idp.domain.details.words import Told, tell
from idp.domain.errors import OAuthError, PageError
from idp.domain.models import (
    Account,
    AuthorizationRequest,
    BackchannelRequest,
    Client,
    Grant,
    Interaction,
    Session,
)
from idp.domain.response import Answer
from idp.ports import Transaction
from idp.usecases import sessions
from idp.usecases.authorize import find, next_page, refuse
from idp.usecases.issue_code import issue_code
from idp.usecases.services import Services
from idp.usecases.sign_response import sign_response


@dataclass(frozen=True, slots=True)
class ConsentView:
    """What the page shows. ``operator_apps``: the other apps that the wide consent would cover.
    ``waits``: the app's request that the citizen answers here instead of in the app (CIBA)."""

    client: Client
    request: AuthorizationRequest
    account: Account
    operator_apps: tuple[Client, ...]
    missing: tuple[Channel, ...]  # addresses that the app asks for and the citizen has not given
    waits: BackchannelRequest | None = None


def view(services: Services, interaction_id: str, *, browser: str, session_token: str | None) -> ConsentView:
    with services.store.read() as tx:
        _, request, client, _, account = _parts(services, tx, interaction_id, browser, session_token)
        lacking = missing(request, account)
        waits = tx.backchannel.get(request.backchannel) if request.backchannel else None
        return ConsentView(client, request, account, _operator_apps(tx, client), lacking, waits)


def told(services: Services, request: AuthorizationRequest, locale: str) -> list[Told]:
    """What the request's ``authorization_details`` say. Raises PageError where a type is no longer there."""
    try:
        types = services.details_types
        return [tell(detail, types[detail["type"]], locale) for detail in request.authorization_details]
    except KeyError:
        raise PageError("interaction_expired", status=410) from None


def allow(
    services: Services, interaction_id: str, *, whole_operator: bool, browser: str, session_token: str | None
) -> Answer:
    """Records the consent; the client's answer with the code."""
    with services.store.begin() as tx:
        interaction, request, client, session, account = _parts(
            services, tx, interaction_id, browser, session_token
        )
        wide = whole_operator and bool(_operator_apps(tx, client))
        now = services.clock()
        tx.grants.add(
            Grant(
                account_id=account.account_id,
                client_id=None if wide else client.client_id,
                operator=client.operator if wide else None,
                scope=items(request),
                granted_at=now,
            )
        )
        tx.audit.write(
            "consent.given",
            now,
            account_id=account.account_id,
            client_id=client.client_id,
            scope=sorted(items(request)),
            details=[detail["type"] for detail in request.authorization_details],
            operator=client.operator if wide else None,
        )
        answer = issue_code(services, tx, interaction, client, session, account, session_token)
    if request.backchannel:
        services.tasks.wake()
    return sign_response(services, answer)


def deny(services: Services, interaction_id: str, *, browser: str) -> Answer:
    """The client's answer with ``access_denied``."""
    with services.store.begin() as tx:
        interaction = find(services, tx, interaction_id, browser)
        answer = refuse(services, tx, interaction, OAuthError("access_denied", "the citizen refused"))
    if interaction.request and interaction.request.backchannel:
        services.tasks.wake()
    return sign_response(services, answer)


def _parts(
    services: Services, tx: Transaction, interaction_id: str, browser: str, session_token: str | None
) -> tuple[Interaction, AuthorizationRequest, Client, Session, Account]:
    interaction = find(services, tx, interaction_id, browser)
    signed_in = sessions.current(services, tx, session_token)
    client = tx.clients.get(interaction.request.client_id) if interaction.request else None
    if interaction.request is None or client is None or signed_in is None:
        raise PageError("interaction_expired", status=410)
    try:
        due = next_page(services, tx, interaction, signed_in)
    except OAuthError:
        due = "another person signed in"
    if due not in (None, f"/i/{interaction_id}/consent"):
        raise PageError("step_out_of_order", status=409)
    return interaction, interaction.request, client, *signed_in


def _operator_apps(tx: Transaction, client: Client) -> tuple[Client, ...]:
    if client.operator is None:
        return ()
    same = (other for other in tx.clients.all() if other.operator == client.operator)
    return tuple(other for other in same if other.client_id != client.client_id)
