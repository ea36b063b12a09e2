"""The authorization endpoint: check the request, then walk the prompts until a code may be issued."""

from __future__ import annotations

from idp.domain import checks
from idp.domain.checks.context import Context
from idp.domain.claims import pairwise_subject
from idp.domain.errors import InvalidRequestObject, OAuthError, PageError, UntrustedRequest
from idp.domain.interaction import Situation, next_prompt
from idp.domain.models import Account, AuthorizationRequest, Client, Interaction, Session
from idp.domain.response import Answer, error_answer, mode_of
from idp.ports import Transaction
from idp.tokens import hash_secret, new_id
from idp.usecases import sessions, waiting
from idp.usecases.client_keys import not_on_loop
from idp.usecases.issue_code import finish, issue_code
from idp.usecases.read_request import Sent, context_for, resolve
from idp.usecases.services import Services
from idp.usecases.sign_response import sign_response


def authorize(
    services: Services,
    params: dict[str, str],
    repeated: frozenset[str],
    *,
    private: bool,
    browser: str,
    session_token: str | None,
) -> str | Answer:
    """A page of ours, or the answer to the client. ``private``: the parameters came in a body.

    Raises UntrustedRequest when no address is proven.
    """
    sent = Sent(params, repeated, private)
    return sign_response(services, _authorize(services, sent, browser, session_token))


def _authorize(services: Services, sent: Sent, browser: str, session_token: str | None) -> str | Answer:
    problem: OAuthError | None = None
    try:
        sent = resolve(services, sent)
    except OAuthError as error:
        problem = error  # goes to the address outside of the request object, if that is registered
    with services.store.begin() as tx:
        session = hash_secret(session_token) if session_token else None
        tx.ahead(client=sent.params.get("client_id"), session=session)
        context = context_for(services, tx, sent)
        if context.client is not None:
            not_on_loop(services, context.client)  # its answer may be encrypted
        _trust(context, problem)
        try:
            if problem is not None:
                raise problem
            for rule in checks.RULES:
                rule(context)
            interaction = _open(services, tx, checks.build(context), "", browser)
        except OAuthError as error:
            return _refused(services, context, error)
        signed_in = sessions.current(services, tx, session_token)
        return settle(services, tx, interaction, session_token, signed_in)


def _refused(services: Services, context: Context, error: OAuthError) -> Answer:
    """The error in the mode that was asked for, be it inside of a request object that is refused."""
    assert context.client is not None
    asked = context.params.get("response_mode")
    if isinstance(error, InvalidRequestObject):
        asked = error.response_mode or asked
    return error_answer(
        context.redirect_uri,
        mode_of(asked, signed=context.client.message_signing),
        error,
        issuer=services.issuer,
        state=context.params.get("state"),
        client_id=context.client.client_id,
    )


def _trust(context: Context, problem: OAuthError | None) -> None:
    """The rules that prove the client's address. Raises UntrustedRequest."""
    try:
        for rule in checks.TRUST:
            rule(context)
    except UntrustedRequest:
        if problem is not None:
            raise UntrustedRequest(problem.code, problem.description) from None
        raise


def open_internal(services: Services, return_to: str, *, browser: str) -> str:
    """An interaction of our own pages; the path of its sign-in page."""
    with services.store.begin() as tx:
        interaction = _open(services, tx, None, return_to, browser)
    return f"/i/{interaction.interaction_id}/sign-in"


def open_request(
    services: Services,
    tx: Transaction,
    request: AuthorizationRequest,
    *,
    browser: str,
    session_token: str | None,
) -> str:
    """Where a citizen goes for a request that did not come through this endpoint (RFC 8628, CIBA)."""
    return advance(services, tx, _open(services, tx, request, "", browser), session_token)


def find(services: Services, tx: Transaction, interaction_id: str, browser: str | None) -> Interaction:
    """The open interaction of this browser. Raises PageError for an unknown, ended or foreign one."""
    interaction = tx.interactions.get(interaction_id)
    if interaction is None or interaction.expires_at < services.clock():
        raise PageError("interaction_expired", status=410)
    if not browser or interaction.browser_hash != hash_secret(browser):
        raise PageError("interaction_foreign", status=403)
    return interaction


def advance(services: Services, tx: Transaction, interaction: Interaction, session_token: str | None) -> str:
    """The next address."""
    signed_in = sessions.current(services, tx, session_token)
    target = arrive(services, tx, interaction, session_token, signed_in)
    return target if isinstance(target, str) else target.url


def arrive(
    services: Services,
    tx: Transaction,
    interaction: Interaction,
    session_token: str | None,
    signed_in: tuple[Session, Account] | None,
) -> str | Answer:
    """The next address, or the answer that ends the interaction. One that is a page or signed has no address
    yet: ``respond`` makes it."""
    request = interaction.request
    if request is not None and request.response_mode not in ("query", "fragment"):
        try:
            page = next_page(services, tx, interaction, signed_in)
        except OAuthError:
            page = None
        return page or f"/i/{interaction.interaction_id}/respond"
    return settle(services, tx, interaction, session_token, signed_in)


def respond(
    services: Services, interaction_id: str, *, browser: str, session_token: str | None
) -> str | Answer:
    """The answer of an interaction whose prompts are met, or the page of the one that is not."""
    with services.store.begin() as tx:
        session = hash_secret(session_token) if session_token else None
        tx.ahead(interaction=interaction_id, client_of=interaction_id, session=session)
        interaction = find(services, tx, interaction_id, browser)
        request = interaction.request
        client = tx.clients.get(request.client_id) if request else None
        if client is not None:
            not_on_loop(services, client)  # its answer may be encrypted
        signed_in = sessions.current(services, tx, session_token)
        target = settle(services, tx, interaction, session_token, signed_in)
    return sign_response(services, target)


def settle(
    services: Services,
    tx: Transaction,
    interaction: Interaction,
    session_token: str | None,
    signed_in: tuple[Session, Account] | None,
) -> str | Answer:
    """A prompt's page, the client's answer, or our own page."""
    request = interaction.request
    try:
        page = next_page(services, tx, interaction, signed_in)
    except OAuthError as error:
        return refuse(services, tx, interaction, error)
    if page is not None:
        return page
    assert signed_in is not None and request is not None
    client = tx.clients.get(request.client_id)
    assert client is not None
    return issue_code(services, tx, interaction, client, *signed_in, session_token)


def refuse(services: Services, tx: Transaction, interaction: Interaction, error: OAuthError) -> Answer:
    """Ends the interaction with an error for the client."""
    request = interaction.request
    if request is None:
        raise PageError("interaction_expired", status=410)
    finish(services, tx, interaction)
    waiting.refuse(services, tx, request, error)
    return error_answer(
        request.redirect_uri,
        request.response_mode,
        error,
        issuer=services.issuer,
        state=request.state,
        client_id=request.client_id,
    )


def next_page(
    services: Services, tx: Transaction, interaction: Interaction, signed_in: tuple[Session, Account] | None
) -> str | None:
    """The page that is due, None when the code may be issued. Raises OAuthError for the client."""
    page = f"/i/{interaction.interaction_id}"
    request = interaction.request
    if request is None:
        return interaction.return_to if signed_in else f"{page}/sign-in"
    client = tx.clients.get(request.client_id)
    if client is None:
        raise PageError("invalid_client", status=400)
    prompt = next_prompt(_situation(services, tx, interaction, request, client, signed_in))
    if prompt is None:
        return None
    if prompt.name == "login":
        return f"{page}/enrol" if "create" in request.prompt else f"{page}/sign-in"
    return f"{page}/{prompt.name}"


def _situation(
    services: Services,
    tx: Transaction,
    interaction: Interaction,
    request: AuthorizationRequest,
    client: Client,
    signed_in: tuple[Session, Account] | None,
) -> Situation:
    session, account = signed_in or (None, None)
    grants = tx.grants.of(account.account_id) if account else ()
    subject = pairwise_subject(services.subject_salt, client, account.account_id) if account else None
    return Situation(request, client, interaction, session, account, grants, services.clock(), subject)


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
