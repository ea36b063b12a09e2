"""Authorization responses as signed JWTs, encrypted where the client wants it so (JARM, section 2)."""

from __future__ import annotations

from typing import TypeVar

from idp.domain.errors import OAuthError, PageError
from idp.domain.response import SIGNED_MODES, Answer
from idp.usecases.encrypt import encrypt
from idp.usecases.services import Services

LIFETIME = 300  # seconds; JARM, section 2.1 recommends ten minutes at most
Target = TypeVar("Target", Answer, str | Answer)


def sign_response(services: Services, target: Target) -> Target:
    """The answer as it leaves; every other one, and addresses of our own pages, as they are.

    To be called after the transaction: an encryption key may have to be fetched from the client.
    Raises PageError("invalid_client") when none of the client's keys can be used.
    """
    if not isinstance(target, Answer) or target.mode not in SIGNED_MODES:
        return target
    with services.store.read() as tx:
        client = tx.clients.get(target.client_id)
    if client is None:
        raise PageError("invalid_client")
    claims = target.claims(services.clock(), LIFETIME)
    token = services.signer.sign(claims, alg=client.authorization_signed_response_alg or "RS256")
    alg, enc = client.authorization_encrypted_response_alg, client.authorization_encrypted_response_enc
    if alg is not None:
        try:
            token = encrypt(services, client, token, alg=alg, enc=enc, nested=True)
        except OAuthError as error:
            raise PageError(error.code, error.description) from None
    return target.carrying(token)
