"""A higher level than the citizen has: the missing proof, and back to the app.

The account stays the same one, with its passkeys and passwords; only what was not yet proven is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from idp.domain.errors import OAuthError, PageError
from idp.domain.models import Account, Client, Enrolment, Interaction
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases import sessions
from idp.usecases.authorize import advance, find, next_page
from idp.usecases.enrol.credential import proofing_of
from idp.usecases.services import Services


@dataclass(frozen=True, slots=True)
class StepUpView:
    """``essential``: without the level the app gets nothing, so there is no way past it."""

    client: Client
    essential: bool


def view(services: Services, interaction_id: str, *, browser: str, session_token: str | None) -> StepUpView:
    """Raises PageError when this step is not due."""
    with services.store.read() as tx:
        interaction, client, _ = _due(services, tx, interaction_id, browser, session_token)
        assert interaction.request is not None
        return StepUpView(client, bool(interaction.request.essential_acr))


def skip(services: Services, interaction_id: str, *, browser: str, session_token: str | None) -> str:
    """On without the higher level, where the app only prefers it; the next address."""
    with services.store.begin() as tx:
        interaction, _, _ = _due(services, tx, interaction_id, browser, session_token)
        request = interaction.request
        if request is None or request.essential_acr:
            raise PageError("step_out_of_order", status=409)
        without = replace(interaction, request=replace(request, acr_values=()))
        tx.interactions.change_request(without)
        return advance(services, tx, without, session_token)


def pending(
    services: Services, interaction_id: str, *, browser: str, session_token: str | None
) -> Enrolment | None:
    """The proof just given by the very citizen who is signed in, when it lifts their level."""
    with services.store.read() as tx:
        find(services, tx, interaction_id, browser)
        return _pending(services, tx, browser, session_token)


def confirm(services: Services, interaction_id: str, *, browser: str, session_token: str | None) -> str:
    """Writes the proof to the account and moves the interaction on; the next address."""
    now = services.clock()
    with services.store.begin() as tx:
        interaction = find(services, tx, interaction_id, browser)
        enrolment = _pending(services, tx, browser, session_token)
        if enrolment is None or enrolment.profile is None or enrolment.account_id is None:
            raise PageError("step_out_of_order", status=409)
        if not tx.enrolments.update(replace(enrolment, state="done", profile=None), was="exists"):
            raise PageError("step_out_of_order", status=409)
        tx.accounts.prove(
            enrolment.account_id, enrolment.profile, enrolment.level, proofing_of(enrolment, now)
        )
        tx.audit.write(
            "account.stepped_up",
            now,
            account_id=enrolment.account_id,
            level=enrolment.level,
            decision=enrolment.decision,
        )
        target = advance(services, tx, interaction, session_token)
    services.checker.discard(enrolment.check_id, enrolled=True)
    return target


def _pending(
    services: Services, tx: Transaction, browser: str, session_token: str | None
) -> Enrolment | None:
    signed_in = sessions.current(services, tx, session_token)
    enrolment = tx.enrolments.open_of(hash_secret(browser), services.clock())
    if signed_in is None or enrolment is None or enrolment.state != "exists":
        return None
    account = signed_in[1]
    same = enrolment.account_id == account.account_id
    return enrolment if same and enrolment.level > account.level else None


def _due(
    services: Services, tx: Transaction, interaction_id: str, browser: str, session_token: str | None
) -> tuple[Interaction, Client, Account]:
    interaction = find(services, tx, interaction_id, browser)
    signed_in = sessions.current(services, tx, session_token)
    client = tx.clients.get(interaction.request.client_id) if interaction.request else None
    try:
        page = next_page(services, tx, interaction, signed_in)
    except OAuthError:
        page = None
    if client is None or signed_in is None or page != f"/i/{interaction_id}/step-up":
        raise PageError("step_out_of_order", status=409)
    return interaction, client, signed_in[1]
