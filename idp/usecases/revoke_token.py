"""Token revocation (RFC 7009)."""

from __future__ import annotations

from idp.domain.errors import OAuthError
from idp.tokens import hash_secret
from idp.usecases.access_tokens import live, token_id
from idp.usecases.authenticate_client import ClientCredentials, authenticate_client, prepare_credentials
from idp.usecases.services import Services


def revoke_token(services: Services, offered: ClientCredentials, text: str) -> None:
    """Ends an access token, or with a refresh token the whole authorization (section 2.1).

    A token that is unknown or over is no error (section 2.2). Raises OAuthError: ``invalid_client``,
    ``invalid_request`` for a token of another client.
    """
    prepare_credentials(services, offered)
    identifier = token_id(services, text)
    with services.store.begin() as tx:
        client = authenticate_client(services, tx, offered)
        now = services.clock()
        if refresh := tx.tokens.refresh(hash_secret(text)):
            _, authorization = refresh
            if _owned(authorization.client_id, client.client_id):
                tx.authorizations.revoke(authorization.authorization_id, now)
        elif (found := live(services, tx, identifier)) and _owned(found.client_id, client.client_id):
            tx.tokens.revoke_access(found.token.token_id, now)
        tx.audit.write("token.revoked", now, client_id=client.client_id)


def _owned(issued_to: str, client_id: str) -> bool:
    if issued_to != client_id:
        raise OAuthError("invalid_request", "the token was issued to another client")
    return True
