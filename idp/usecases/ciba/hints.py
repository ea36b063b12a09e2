"""From a hint to a citizen, without telling the app who has an account."""

from __future__ import annotations

import jwt

from idp.domain.ciba.context import CibaContext, Hint
from idp.domain.ciba.hint import of_subject_id
from idp.domain.claims import pairwise_subject
from idp.domain.errors import OAuthError
from idp.domain.models import Client
from idp.ports import Transaction
from idp.usecases.client_jwt import read_client_jwt
from idp.usecases.client_keys import ALGORITHMS
from idp.usecases.services import Services


def of_token(services: Services, client: Client, params: dict[str, str]) -> Hint | None:
    """What a ``login_hint_token`` says: a JWT signed by the client, for us, with ``sub_id`` (RFC 9493).

    Raises OAuthError: ``expired_login_hint_token``, ``invalid_request``, ``unknown_user_id``.
    """
    token = params.get("login_hint_token")
    if token is None:
        return None
    try:
        claims = read_client_jwt(services, client, token, algorithms=ALGORITHMS, require=("sub_id",))
    except ValueError as error:
        if isinstance(error.__cause__, jwt.ExpiredSignatureError):
            raise OAuthError("expired_login_hint_token", "login_hint_token is over") from None
        raise OAuthError("invalid_request", f"login_hint_token: {error}") from None
    return of_subject_id(claims["sub_id"], services.issuer)


def account_of(services: Services, tx: Transaction, client: Client, context: CibaContext) -> str | None:
    """The account that the request reaches; None where it reaches nobody.

    A number without an account, and a citizen who wants nothing from this app, end like a citizen who does
    not answer: a number may be anybody's, so the difference would say who has an account.

    Raises OAuthError("unknown_user_id") for a ``sub``, which only the client itself can know.
    """
    hint = context.hint or Hint(subject=context.subject)
    if hint.number is not None:
        found = tx.accounts.by_number(hint.number)
        account_id = found.account_id if found else None
    else:
        account_id = tx.subjects.account_id(client.client_id, hint.subject or "")
        if account_id is None:
            raise OAuthError("unknown_user_id", "nobody is known by that sub to this client")
    if account_id is None or client.client_id in tx.silenced.of(account_id):
        return None
    subject = pairwise_subject(services.subject_salt, client, account_id)
    return account_id if context.subject in (None, subject) else None
