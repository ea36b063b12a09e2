"""Token exchange: an API calls the next one for the same citizen (RFC 8693).

Delegation only: the new token always names who acts in ``act``, and hangs on the citizen's own authorization,
so it ends with it.
"""

from __future__ import annotations

from typing import Any

from idp.domain import resources, tokens
from idp.domain.details.request import Details
from idp.domain.errors import OAuthError
from idp.domain.models import Client
from idp.ports import Transaction
from idp.usecases.access_tokens import LiveToken, live, token_id
from idp.usecases.grants.request import TokenRequest, client_for, confirmation
from idp.usecases.issue_tokens import prepare, response, subject_of
from idp.usecases.services import Services

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
MOST_ACTORS = 10  # nested in one token
_NOT_PASSED_ON = frozenset({"openid", "offline_access"})  # for the app that signed the citizen in, only


def token_exchange(services: Services, request: TokenRequest) -> dict[str, Any]:
    """The token response with ``issued_token_type`` (section 2.2.1). No refresh token, no ID token.

    Raises OAuthError: ``invalid_request`` for a token that is not live or not this client's to exchange
    (section 2.2.2), ``invalid_scope``, ``invalid_target``, ``invalid_client``, ``unauthorized_client``.
    """
    subject_id = _token(services, request, "subject")
    actor_id = _token(services, request, "actor") if _has_actor(request) else None
    if request.params.get("requested_token_type", ACCESS_TOKEN) != ACCESS_TOKEN:
        raise OAuthError("invalid_request", "only access tokens are issued")
    with services.store.begin() as tx:
        client = client_for(services, tx, request, GRANT)
        if client.auth_method == "none":
            raise OAuthError("unauthorized_client", "only for clients that can prove themselves")
        subject = _subject(services, tx, client, subject_id)
        actor = _actor(services, tx, client, actor_id) if actor_id else client.client_id
        issued = prepare(
            services,
            tx,
            client,
            subject.authorization,
            scope=_scope(request, subject),
            audience=_target(request, client),
            cnf=confirmation(services, tx, client, request),
            act=_act(client, actor, subject),
            expires_by=subject.token.expires_at,
            details=_details(request, subject),
        )
        tx.audit.write(
            "token.exchanged",
            services.clock(),
            account_id=subject.authorization.account_id,
            client_id=client.client_id,
            issued_to=subject.client_id,
        )
    answer = response(services, client, subject.authorization, issued)
    return answer | {"issued_token_type": ACCESS_TOKEN}


def _has_actor(request: TokenRequest) -> bool:
    """Section 2.1: actor_token and actor_token_type come together or not at all."""
    if ("actor_token" in request.params) != ("actor_token_type" in request.params):
        raise OAuthError("invalid_request", "actor_token and actor_token_type go together")
    return "actor_token" in request.params


def _token(services: Services, request: TokenRequest, role: str) -> str:
    """The identifier of an access token of ours that was sent as subject or actor."""
    text = request.required(f"{role}_token")
    if request.required(f"{role}_token_type") != ACCESS_TOKEN:
        raise OAuthError("invalid_request", f"{role}_token_type must be an access token")
    identifier = token_id(services, text)
    if identifier is None:
        raise OAuthError("invalid_request", f"{role}_token is not a token of ours")
    return identifier


def _subject(services: Services, tx: Transaction, client: Client, identifier: str) -> LiveToken:
    """A live token that this client was given, or that was meant for it."""
    found = live(services, tx, identifier)
    mine = found and (
        found.client_id == client.client_id or set(found.token.audience) & set(client.resources)
    )
    if found is None or not mine:
        raise OAuthError("invalid_request", "subject_token is over, or not this client's to exchange")
    return found


def _actor(services: Services, tx: Transaction, client: Client, identifier: str) -> str:
    """``sub`` of whoever acts, proven by a token issued to this very client."""
    found = live(services, tx, identifier)
    if found is None or found.client_id != client.client_id:
        raise OAuthError("invalid_request", "actor_token is over, or was issued to another client")
    return subject_of(services, client, found.authorization)


def _act(client: Client, actor: str, subject: LiveToken) -> dict[str, Any]:
    """Section 4.1: the current actor outside, earlier ones nested."""
    depth, earlier = 1, subject.token.act
    while earlier is not None:
        depth, earlier = depth + 1, earlier.get("act")
    if depth > MOST_ACTORS:
        raise OAuthError("invalid_request", f"subject_token was exchanged {MOST_ACTORS} times")
    act: dict[str, Any] = {"sub": actor, "client_id": client.client_id}
    return act | {"act": subject.token.act} if subject.token.act else act


def _scope(request: TokenRequest, subject: LiveToken) -> tuple[str, ...]:
    """Never more than the subject token carries."""
    held = tuple(name for name in subject.token.scope if name not in _NOT_PASSED_ON)
    if request.scope is None:
        return held
    if not set(request.scope) <= set(held):
        raise OAuthError("invalid_scope", "scope is wider than that of subject_token")
    return request.scope


def _details(request: TokenRequest, subject: LiveToken) -> Details | None:
    """Never more than the subject token carries (RFC 9396, section 6.1)."""
    held = subject.token.authorization_details
    return request.details(tokens.details_of(subject.authorization, subject.token)) or held


def _target(request: TokenRequest, client: Client) -> tuple[str, ...]:
    """``resource`` and ``audience`` alike name APIs that the client is registered for."""
    asked = tuple(dict.fromkeys(request.resources + resources.split(request.params.get("audience"))))
    if not asked:
        raise OAuthError("invalid_request", "resource or audience is required")
    resources.check(asked, client.resources)
    return asked
