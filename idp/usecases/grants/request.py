"""A request at the token endpoint, and the steps that every grant begins with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from idp.domain import resources
from idp.domain.certificates import Certificate
from idp.domain.details.request import Details, narrow
from idp.domain.errors import OAuthError
from idp.domain.models import Authorization, Client
from idp.ports import Transaction
from idp.usecases import sender
from idp.usecases.authenticate_client import ClientCredentials, authenticate_client, prepare_credentials
from idp.usecases.issue_tokens import Issued, may_refresh, prepare
from idp.usecases.services import Services


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What the client sent."""

    offered: ClientCredentials
    params: dict[str, str]
    proof: str | None = None  # DPoP
    certificate: Certificate | None = None  # of the TLS connection

    def required(self, name: str) -> str:
        """Raises OAuthError("invalid_request") where the parameter is missing or empty."""
        value = self.params.get(name)
        if not value:
            raise OAuthError("invalid_request", f"{name} is required")
        return value

    @property
    def scope(self) -> tuple[str, ...] | None:
        """The scopes asked for; None when the parameter is missing."""
        asked = self.params.get("scope")
        return None if asked is None else tuple(dict.fromkeys(asked.split()))

    @property
    def resources(self) -> tuple[str, ...]:
        """RFC 8707: the APIs that the token is for."""
        return resources.split(self.params.get("resource"))

    def details(self, granted: Details) -> Details | None:
        """RFC 9396, section 6: those asked for, out of those granted; None where the client names none.

        Raises OAuthError("invalid_authorization_details").
        """
        asked = self.params.get("authorization_details")
        return None if asked is None else narrow(asked, granted)


Grant = Callable[[Services, TokenRequest], dict[str, Any]]


def run(services: Services, grant: Grant, request: TokenRequest) -> dict[str, Any]:
    """One request at the token endpoint."""
    prepare_credentials(services, request.offered)
    return grant(services, request)


def client_for(services: Services, tx: Transaction, request: TokenRequest, grant_type: str) -> Client:
    """The proven client, registered for this grant (RFC 6749, section 5.2).

    Raises OAuthError: ``invalid_client``, ``unauthorized_client``.
    """
    client = authenticate_client(services, tx, request.offered)
    if grant_type not in client.grant_types:
        raise OAuthError("unauthorized_client", f"the client is not registered for {grant_type}")
    return client


def confirmation(
    services: Services, tx: Transaction, client: Client, request: TokenRequest
) -> dict[str, Any] | None:
    """The key that the new tokens are bound to: see ``sender.confirm``."""
    url = f"{services.issuer}/token"
    return sender.confirm(services, tx, client, proof=request.proof, certificate=request.certificate, url=url)


def issue(
    services: Services,
    tx: Transaction,
    request: TokenRequest,
    client: Client,
    authorization: Authorization,
    cnf: dict[str, Any] | None,
) -> Issued:
    """The first tokens of what a citizen has just agreed to."""
    return prepare(
        services,
        tx,
        client,
        authorization,
        audience=audience(services, request, client, authorization),
        cnf=cnf,
        refresh=may_refresh(client, authorization),
        details=request.details(authorization.authorization_details),
    )


def audience(
    services: Services, request: TokenRequest, client: Client, authorization: Authorization
) -> tuple[str, ...]:
    """``aud`` of a citizen's access token (RFC 8707, section 2.2). Raises OAuthError("invalid_target")."""
    scope = authorization.scope if request.scope is None else request.scope
    granted, registered = authorization.resources, client.resources
    return resources.audience(request.resources, granted, registered, services.issuer, scope)
