"""The device_code grant: a device polls until the citizen has decided elsewhere (RFC 8628, section 3.4)."""

from __future__ import annotations

from typing import Any

from idp.domain.errors import OAuthError
from idp.domain.models import Authorization, DeviceCode
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases.grants import polling
from idp.usecases.grants.request import TokenRequest, client_for, confirmation, issue
from idp.usecases.issue_tokens import response
from idp.usecases.services import Services

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def device_code(services: Services, request: TokenRequest) -> dict[str, Any]:
    """The token response, once.

    Raises OAuthError: ``authorization_pending``, ``slow_down``, ``access_denied``, ``expired_token``,
    ``invalid_grant`` (section 3.5), ``invalid_client``, ``unauthorized_client``.
    """
    text = hash_secret(request.required("device_code"))
    with services.store.begin() as tx:
        client = client_for(services, tx, request, GRANT)
        cnf = confirmation(services, tx, client, request)
        device = tx.device_codes.get(text)
        problem = polling.problem(client, device, services.clock())
        if problem is None:
            authorization = _take(tx, text, device)
            issued = issue(services, tx, request, client, authorization, cnf)
        elif device and (interval := polling.next_interval(device, problem)):
            tx.device_codes.polled(text, services.clock(), interval)
    if problem is not None:  # raised here, so that the time of the poll is kept
        raise problem
    return response(services, client, authorization, issued)


def _take(tx: Transaction, device_code_hash: str, device: DeviceCode | None) -> Authorization:
    found = tx.authorizations.get(device.authorization_id or "") if device else None
    if found is None or found.revoked_at is not None or not tx.device_codes.use(device_code_hash):
        raise OAuthError("invalid_grant", "the device code was used before or its consent withdrawn")
    return found
