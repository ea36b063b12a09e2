"""The end of an interaction: the authorization is written, and the client gets a code for it."""

from __future__ import annotations

from idp.domain import acr
from idp.domain.claims import pairwise_subject
from idp.domain.errors import PageError
from idp.domain.fapi2 import lifetimes
from idp.domain.grant_types import CIBA
from idp.domain.models import (
    Account,
    Authorization,
    AuthorizationCode,
    AuthorizationRequest,
    Client,
    Interaction,
    Session,
)
from idp.domain.response import Answer, answer
from idp.domain.session_state import browser_state, session_state
from idp.ports import Transaction
from idp.tokens import hash_secret, new_id, new_secret
from idp.usecases import waiting
from idp.usecases.services import Services


def issue_code(
    services: Services,
    tx: Transaction,
    interaction: Interaction,
    client: Client,
    session: Session,
    account: Account,
    session_token: str | None,
) -> Answer:
    """Ends the interaction; the answer with the code (RFC 6749, section 4.1.2)."""
    request = interaction.request
    assert request is not None
    finish(services, tx, interaction)
    now = services.clock()
    authorization = Authorization(
        authorization_id=new_id(),
        client_id=client.client_id,
        account_id=account.account_id,
        sid=session.sid,
        scope=request.scope,
        auth_time=session.auth_time,
        amr=session.amr,
        acr=acr.answered(account.level, request.essential_acr or request.acr_values),
        created_at=now,
        nonce=request.nonce,
        resources=request.resources,
        claims=request.claims,
        authorization_details=request.authorization_details,
    )
    tx.authorizations.add(authorization)
    params = _hand_over(services, tx, client, request, authorization)
    params |= _session_state(services, request, session_token)
    if session.last_seen != now:
        tx.sessions.touch(session.sid, now)
    tx.audit.write(
        "code.issued",
        now,
        account_id=account.account_id,
        client_id=client.client_id,
        scope=list(request.scope),
    )
    return answer(
        request.redirect_uri,
        request.response_mode,
        params,
        issuer=services.issuer,
        state=request.state,
        client_id=request.client_id,
    )


def _hand_over(
    services: Services,
    tx: Transaction,
    client: Client,
    request: AuthorizationRequest,
    authorization: Authorization,
) -> dict[str, str]:
    """The code for the client; or the waiting request is approved, and only our page is told."""
    now = services.clock()
    if CIBA in client.grant_types and authorization.account_id:  # the client may name the citizen later
        subject = pairwise_subject(services.subject_salt, client, authorization.account_id)
        tx.subjects.remember(client.client_id, subject, authorization.account_id)
    if request.waits:
        if not waiting.approve(services, tx, request, authorization.authorization_id):
            raise PageError("interaction_expired", status=410)
        return {}
    code = new_secret("c")
    tx.authorizations.add_code(
        AuthorizationCode(
            code_hash=hash_secret(code),
            authorization_id=authorization.authorization_id,
            redirect_uri=request.redirect_uri,
            code_challenge=request.code_challenge,
            dpop_jkt=request.dpop_jkt,
            expires_at=now + lifetimes.code(client, services.lifetimes.code),
        )
    )
    return {"code": code}


def _session_state(
    services: Services, request: AuthorizationRequest, session_token: str | None
) -> dict[str, str]:
    """Session Management 1.0, section 2."""
    if not services.session_management or session_token is None or request.waits:
        return {}
    state = browser_state(session_token)
    computed = session_state(request.client_id, request.redirect_uri, state, new_id())
    return {"session_state": computed} if computed else {}


def finish(services: Services, tx: Transaction, interaction: Interaction) -> None:
    """Ends it and the pushed request behind it, for exactly one caller (RFC 9126, section 7.3)."""
    pushed = interaction.request.pushed if interaction.request else None
    lost = PageError("interaction_expired", status=410)
    tx.interactions.finish(interaction.interaction_id, lost)
    if pushed and not tx.pushed.use(pushed, services.clock()):
        raise lost
