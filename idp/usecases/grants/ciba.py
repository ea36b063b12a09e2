"""The CIBA grant: an app polls until the citizen has decided (CIBA Core 1.0, sections 10 and 11)."""

from __future__ import annotations

from typing import Any

from idp.domain.errors import OAuthError
from idp.domain.grant_types import CIBA
from idp.domain.models import Authorization, BackchannelRequest
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases.grants import polling
from idp.usecases.grants.request import TokenRequest, client_for, confirmation, issue
from idp.usecases.issue_tokens import response
from idp.usecases.services import Services


def ciba(services: Services, request: TokenRequest) -> dict[str, Any]:
    """The token response, once. Its ID token has no ``auth_req_id``: only pushed ones do (section 10.3.1).

    Raises OAuthError: ``authorization_pending``, ``slow_down``, ``expired_token``, ``access_denied``,
    ``transaction_failed``, ``invalid_grant`` (section 11), ``invalid_client``, ``unauthorized_client``.
    """
    key = hash_secret(request.required("auth_req_id"))
    with services.store.begin() as tx:
        client = client_for(services, tx, request, CIBA)
        cnf = confirmation(services, tx, client, request)
        found, now = tx.backchannel.get(key), services.clock()
        problem = polling.problem(client, found, now)
        if problem is None:
            authorization = _take(tx, key, found)
            issued = issue(services, tx, request, client, authorization, cnf)
        elif found and (interval := polling.next_interval(found, problem)):
            tx.backchannel.polled(key, now, interval)
    if problem is not None:  # raised here, so that the time of the poll is kept
        raise problem
    return response(services, client, authorization, issued)


def _take(tx: Transaction, key: str, request: BackchannelRequest | None) -> Authorization:
    found = tx.authorizations.get(request.authorization_id or "") if request else None
    if found is None or found.revoked_at is not None or not tx.backchannel.use(key):
        raise OAuthError("invalid_grant", "auth_req_id was used before or the consent withdrawn")
    return found
