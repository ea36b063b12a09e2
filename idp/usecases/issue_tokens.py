"""From an authorization to tokens: the records inside the transaction, the signatures after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from idp.domain import tokens
from idp.domain.claims import pairwise_subject
from idp.domain.models import AccessToken, Authorization, Client
from idp.ports import Transaction
from idp.tokens import new_id
from idp.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Issued:
    """What was written and now only has to be put into words."""

    access: AccessToken


def prepare(services: Services, tx: Transaction, client: Client, authorization: Authorization) -> Issued:
    """Writes the records of the new tokens."""
    now = services.clock()
    access = AccessToken(
        token_id=new_id(),
        authorization_id=authorization.authorization_id,
        scope=authorization.scope,
        audience=(services.issuer,),
        issued_at=now,
        expires_at=now + services.lifetimes.access_token,
    )
    tx.tokens.add_access(access)
    return Issued(access)


def response(
    services: Services, client: Client, authorization: Authorization, issued: Issued
) -> dict[str, Any]:
    """The token response (RFC 6749, section 5.1; OpenID Connect Core, section 3.1.3.3)."""
    account_id = authorization.account_id
    subject = pairwise_subject(services.subject_salt, client, account_id) if account_id else client.client_id
    claims = tokens.access_token_claims(authorization, issued.access, issuer=services.issuer, subject=subject)
    access_token = services.signer.sign(claims, alg="ES256", typ="at+jwt")
    answer: dict[str, Any] = {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": services.lifetimes.access_token,
        "scope": " ".join(issued.access.scope),
    }
    if "openid" in issued.access.scope and account_id:
        identity = tokens.id_token_claims(
            authorization,
            issuer=services.issuer,
            subject=subject,
            access_token=access_token,
            now=issued.access.issued_at,
            lifetime=services.lifetimes.id_token,
        )
        answer["id_token"] = services.signer.sign(identity, alg=client.id_token_signed_response_alg)
    return answer
