"""Whose account: the one signed in here, or another (``prompt=select_account``, Core, section 3.1.2.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from idp.domain.errors import OAuthError, PageError
from idp.domain.models import Account, Client, Interaction, Session
from idp.ports import Transaction
from idp.usecases import sessions
from idp.usecases.authorize import advance, find, next_page
from idp.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Choice:
    """``sid`` is of the session that the page shows: the choice is good for no other."""

    client: Client
    account: Account
    sid: str


def view(
    services: Services, interaction_id: str, *, browser: str, session_token: str | None
) -> Choice | None:
    """None when this step is not due, or no longer."""
    with services.store.read() as tx:
        interaction = find(services, tx, interaction_id, browser)
        due = _due(services, tx, interaction, session_token)
        client = tx.clients.get(interaction.request.client_id) if interaction.request else None
    return Choice(client, due[1], due[0].sid) if due and client else None


def keep(
    services: Services, interaction_id: str, sid: str, *, browser: str, session_token: str | None
) -> str:
    """On with the account that was shown; the next address, this page's again when it is another by now."""
    with services.store.begin() as tx:
        interaction = find(services, tx, interaction_id, browser)
        due = _due(services, tx, interaction, session_token)
        if due and due[0].sid == sid and interaction.request:
            prompt = tuple(word for word in interaction.request.prompt if word != "select_account")
            chosen = replace(interaction.request, prompt=prompt, login_hint=None)
            interaction = replace(interaction, request=chosen)
            tx.interactions.change_request(interaction)
        return advance(services, tx, interaction, session_token)


def _due(
    services: Services, tx: Transaction, interaction: Interaction, session_token: str | None
) -> tuple[Session, Account] | None:
    signed_in = sessions.current(services, tx, session_token)
    try:
        page = next_page(services, tx, interaction, signed_in)
    except (OAuthError, PageError):
        return None
    return signed_in if page == f"/i/{interaction.interaction_id}/select-account" else None
