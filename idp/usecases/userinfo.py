"""The userinfo endpoint (OpenID Connect Core, section 5.3)."""

from __future__ import annotations

import json
from typing import Any

from idp.domain.claims import claims_for
from idp.domain.errors import OAuthError
from idp.domain.models import Client
from idp.domain.requested import requested_claims
from idp.usecases.access_tokens import live, token_id
from idp.usecases.client_keys import not_on_loop
from idp.usecases.encrypt import encrypt
from idp.usecases.issue_tokens import subject_of
from idp.usecases.sender import Presented, check_possession
from idp.usecases.services import Services


def userinfo(services: Services, presented: Presented) -> dict[str, Any] | str:
    """The claims that the token's scopes release; a JWT where the client asked for one.

    Raises OAuthError("invalid_token") and those of DPoP.
    """
    identifier = token_id(services, presented.token)
    # A proof is good once, which is written down; a bearer token is only read.
    with services.store.begin() if presented.proof else services.store.read() as tx:
        tx.ahead(services.clock(), access_token=identifier)
        found = live(services, tx, identifier)
        account_id = found.authorization.account_id if found else None
        account = tx.accounts.get(account_id) if account_id else None
        client = tx.clients.get(found.client_id) if found else None
        if client is not None:
            not_on_loop(services, client)
        if found is not None:
            check_possession(services, tx, found.token.cnf, presented)
    if found is None or account is None or client is None or services.issuer not in found.token.audience:
        raise OAuthError("invalid_token", "not a live access token", status=401)
    by_name = requested_claims(
        account, found.authorization, "userinfo", issuer=services.issuer, now=services.clock()
    )
    subject = subject_of(services, client, found.authorization)
    return _protected(services, client, claims_for(account, found.token.scope) | by_name | {"sub": subject})


def _protected(services: Services, client: Client, claims: dict[str, Any]) -> dict[str, Any] | str:
    """Signed and encrypted as registered (section 5.3.2: a signed answer names issuer and audience)."""
    signing, alg = client.userinfo_signed_response_alg, client.userinfo_encrypted_response_alg
    if signing is not None:
        named = claims | {"iss": services.issuer, "aud": client.client_id, "iat": services.clock()}
        text = services.signer.sign(named, alg=signing)
    elif alg is None:
        return claims
    else:
        text = json.dumps(claims, ensure_ascii=False)
    enc = client.userinfo_encrypted_response_enc
    return encrypt(services, client, text, alg=alg, enc=enc, nested=signing is not None) if alg else text
