"""The client_credentials grant: an app acts for itself (RFC 6749, section 4.4)."""

from __future__ import annotations

from typing import Any

from idp.domain import resources
from idp.domain.claims import SCOPE_CLAIMS
from idp.domain.errors import OAuthError
from idp.domain.models import Authorization, Client
from idp.tokens import new_id
from idp.usecases.grants.request import TokenRequest, client_for, confirmation
from idp.usecases.issue_tokens import prepare, response
from idp.usecases.services import Services


def client_credentials(services: Services, request: TokenRequest) -> dict[str, Any]:
    """The token response, never with a refresh token (section 4.4.3).

    Raises OAuthError: ``invalid_client``, ``unauthorized_client``, ``invalid_scope``, ``invalid_target``.
    """
    with services.store.begin() as tx:
        client = client_for(services, tx, request, "client_credentials")
        if client.auth_method == "none":
            raise OAuthError("unauthorized_client", "only for clients that can prove themselves")
        authorization = for_itself(services, client, own_scope(client, request.scope))
        audience = resources.audience(request.resources, (), client.resources, services.issuer, ())
        cnf = confirmation(services, tx, client, request)
        tx.authorizations.add(authorization)
        details = request.details(())  # nobody was asked, so none is granted
        issued = prepare(services, tx, client, authorization, audience=audience, cnf=cnf, details=details)
    return response(services, client, authorization, issued)


def own_scope(client: Client, asked: tuple[str, ...] | None) -> tuple[str, ...]:
    """Scopes registered for the client that are no citizen's data. Raises OAuthError("invalid_scope")."""
    own = tuple(name for name in client.scope or () if name not in SCOPE_CLAIMS)
    if asked is None:
        return own
    if not set(asked) <= set(own):
        raise OAuthError("invalid_scope", "a scope is not registered for the client itself")
    return asked


def for_itself(services: Services, client: Client, scope: tuple[str, ...]) -> Authorization:
    """An authorization without a citizen."""
    now = services.clock()
    return Authorization(
        authorization_id=new_id(),
        client_id=client.client_id,
        account_id=None,
        sid=None,
        scope=scope,
        auth_time=now,
        amr=(),
        acr="",
        created_at=now,
    )
