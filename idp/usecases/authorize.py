"""The authorization endpoint: check the request, then walk the prompts until a code may be issued."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from idp.domain import checks
from idp.domain.checks.context import Context
from idp.domain.claims import acr
from idp.domain.errors import OAuthError, PageError
from idp.domain.interaction import Situation, next_prompt
from idp.domain.models import (
    Account,
    Authorization,
    AuthorizationCode,
    AuthorizationRequest,
    Client,
    Interaction,
    Session,
)
from idp.ports import Transaction
from idp.tokens import hash_secret, new_id, new_secret
from idp.usecases import sessions
from idp.usecases.services import Services


def authorize(
    services: Services,
    params: dict[str, str],
    repeated: frozenset[str],
    *,
    browser: str,
    session_token: str | None,
) -> str:
    """Where to send the browser: a page of ours, or the client with a code or an error.

    Raises UntrustedRequest when no address is proven.
    """
    with services.store.begin() as tx:
        context = Context(params, repeated, tx.clients.get(params.get("client_id", "")))
        for rule in checks.TRUST:
            rule(context)
        try:
            for rule in checks.RULES:
                rule(context)
            request = checks.build(context)
            interaction = _open(services, tx, request, "", browser)
            return advance(services, tx, interaction, session_token)
        except OAuthError as error:
            return error_redirect(services, context.redirect_uri, params.get("state"), error)


def open_internal(services: Services, return_to: str, *, browser: str) -> str:
    """An interaction of our own pages; the path of its sign-in page."""
    with services.store.begin() as tx:
        interaction = _open(services, tx, None, return_to, browser)
    return f"/i/{interaction.interaction_id}/sign-in"


def find(services: Services, tx: Transaction, interaction_id: str, browser: str | None) -> Interaction:
    """The open interaction of this browser. Raises PageError for an unknown, ended or foreign one."""
    interaction = tx.interactions.get(interaction_id)
    if interaction is None or interaction.expires_at < services.clock():
        raise PageError("interaction_expired", status=410)
    if not browser or interaction.browser_hash != hash_secret(browser):
        raise PageError("interaction_foreign", status=403)
    return interaction


def advance(services: Services, tx: Transaction, interaction: Interaction, session_token: str | None) -> str:
    """The next address: a prompt's page, the client with its code, or our own page."""
    signed_in = sessions.current(services, tx, session_token)
    page = f"/i/{interaction.interaction_id}"
    if interaction.request is None:
        return interaction.return_to if signed_in else f"{page}/sign-in"
    request = interaction.request
    client = tx.clients.get(request.client_id)
    if client is None:
        raise PageError("invalid_client", status=400)
    session, account = signed_in or (None, None)
    grants = tx.grants.of(account.account_id) if account else ()
    prompt = next_prompt(Situation(request, client, interaction, session, account, grants, services.clock()))
    if prompt is not None and prompt.name == "login":
        return f"{page}/enrol" if "create" in request.prompt else f"{page}/sign-in"
    if prompt is not None:
        return f"{page}/{prompt.name}"
    assert session is not None and account is not None
    return issue_code(services, tx, interaction, client, session, account)


def issue_code(
    services: Services,
    tx: Transaction,
    interaction: Interaction,
    client: Client,
    session: Session,
    account: Account,
) -> str:
    """Ends the interaction and returns the client's address with the code (RFC 6749, 4.1.2; RFC 9207)."""
    request = interaction.request
    assert request is not None
    if not tx.interactions.finish(interaction.interaction_id):
        raise PageError("interaction_expired", status=410)
    now = services.clock()
    code = new_secret("c")
    authorization = Authorization(
        authorization_id=new_id(),
        client_id=client.client_id,
        account_id=account.account_id,
        sid=session.sid,
        scope=request.scope,
        auth_time=session.auth_time,
        amr=session.amr,
        acr=acr(account.level),
        created_at=now,
        nonce=request.nonce,
    )
    tx.authorizations.add(authorization)
    tx.authorizations.add_code(
        AuthorizationCode(
            code_hash=hash_secret(code),
            authorization_id=authorization.authorization_id,
            redirect_uri=request.redirect_uri,
            code_challenge=request.code_challenge,
            expires_at=now + services.lifetimes.code,
        )
    )
    tx.sessions.touch(session.sid, now)
    tx.audit.write(
        "code.issued",
        now,
        account_id=account.account_id,
        client_id=client.client_id,
        scope=list(request.scope),
    )
    return _redirect(services, request.redirect_uri, {"code": code}, request.state)


def error_redirect(services: Services, redirect_uri: str, state: str | None, error: OAuthError) -> str:
    """The client's address with an error (RFC 6749, section 4.1.2.1)."""
    return _redirect(
        services, redirect_uri, {"error": error.code, "error_description": error.description}, state
    )


def _redirect(services: Services, redirect_uri: str, params: dict[str, str], state: str | None) -> str:
    params = {name: value for name, value in params.items() if value} | {"iss": services.issuer}
    if state is not None:
        params["state"] = state
    separator = "&" if urlsplit(redirect_uri).query else "?"
    return f"{redirect_uri}{separator}{urlencode(params)}"


def _open(
    services: Services, tx: Transaction, request: AuthorizationRequest | None, return_to: str, browser: str
) -> Interaction:
    now = services.clock()
    interaction = Interaction(
        interaction_id=new_id(),
        browser_hash=hash_secret(browser),
        request=request,
        return_to=return_to,
        created_at=now,
        expires_at=now + services.lifetimes.interaction,
    )
    tx.interactions.add(interaction)
    return interaction
