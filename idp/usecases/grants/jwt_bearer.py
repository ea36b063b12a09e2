"""The jwt-bearer grant: an assertion signed with the client's own key is the grant (RFC 7523, section 2.1).

The only issuer trusted is the client itself, acting for itself: a client cannot vouch for a citizen.
"""

from __future__ import annotations

from typing import Any

from idp.domain import resources
from idp.domain.errors import OAuthError
from idp.domain.models import Client
from idp.ports import Transaction
from idp.usecases.client_assertion import check_assertion, fetch_keys, unverified_issuer
from idp.usecases.grants.client_credentials import for_itself, own_scope
from idp.usecases.grants.request import TokenRequest, client_for, confirmation
from idp.usecases.issue_tokens import prepare, response
from idp.usecases.services import Services

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def jwt_bearer(services: Services, request: TokenRequest) -> dict[str, Any]:
    """The token response.

    Raises OAuthError: ``invalid_grant`` for the assertion (section 3.1), ``unauthorized_client``,
    ``invalid_scope``, ``invalid_target``, and ``invalid_client`` where the client authenticates too.
    """
    assertion = request.required("assertion")
    fetch_keys(services, _issuer(assertion), assertion)
    with services.store.begin() as tx:
        client = _client(services, tx, request, assertion)
        try:
            check_assertion(services, tx, client, assertion)
        except OAuthError as error:
            raise OAuthError("invalid_grant", error.description) from None
        authorization = for_itself(services, client, own_scope(client, request.scope))
        audience = resources.audience(request.resources, (), client.resources, services.issuer, ())
        cnf = confirmation(services, tx, client, request)
        tx.authorizations.add(authorization)
        details = request.details(())  # nobody was asked, so none is granted
        issued = prepare(services, tx, client, authorization, audience=audience, cnf=cnf, details=details)
    return response(services, client, authorization, issued)


def _client(services: Services, tx: Transaction, request: TokenRequest, assertion: str) -> Client:
    """Client authentication is optional (RFC 7521, section 4.1): the assertion's signature proves as much."""
    if request.offered.method != "none":
        return client_for(services, tx, request, GRANT)
    issuer = _issuer(assertion)
    client = tx.clients.get(issuer)
    if client is None or request.offered.client_id not in ("", issuer):
        raise OAuthError("invalid_grant", "the assertion's issuer is not a client, or another one")
    if GRANT not in client.grant_types:
        raise OAuthError("unauthorized_client", "the client is not registered for jwt-bearer")
    return client


def _issuer(assertion: str) -> str:
    try:
        return unverified_issuer(assertion)
    except OAuthError as error:
        raise OAuthError("invalid_grant", error.description) from None
