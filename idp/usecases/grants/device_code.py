"""The device_code grant: a device polls until the citizen has decided elsewhere (RFC 8628, section 3.4)."""

from __future__ import annotations

from typing import Any

from idp.domain.errors import OAuthError
from idp.domain.models import Authorization, Client, DeviceCode
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases.grants.request import TokenRequest, audience, client_for, confirmation
from idp.usecases.issue_tokens import may_refresh, prepare, response
from idp.usecases.services import Services

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_SLOWER = 5  # seconds added by slow_down (section 3.5)


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
        problem = _problem(services, tx, client, device)
        if problem is None:
            authorization = _take(tx, text, device)
            issued = prepare(
                services,
                tx,
                client,
                authorization,
                audience=audience(services, request, client, authorization),
                cnf=cnf,
                refresh=may_refresh(client, authorization),
                details=request.details(authorization.authorization_details),
            )
    if problem is not None:  # raised here, so that the time of the poll is kept
        raise problem
    return response(services, client, authorization, issued)


def _problem(
    services: Services, tx: Transaction, client: Client, device: DeviceCode | None
) -> OAuthError | None:
    now = services.clock()
    if device is None or device.client_id != client.client_id or device.state == "used":
        return OAuthError("invalid_grant", "the device code is unknown or was used before")
    if device.expires_at <= now:
        return OAuthError("expired_token", "the device code is over")
    if device.state == "denied":
        return OAuthError("access_denied", "the citizen refused")
    if device.state == "approved":
        return None
    if device.polled_at is not None and now - device.polled_at < device.interval:
        tx.device_codes.polled(device.device_code_hash, now, device.interval + _SLOWER)
        return OAuthError("slow_down", "poll less often: the interval grew by 5 seconds")
    tx.device_codes.polled(device.device_code_hash, now, device.interval)
    return OAuthError("authorization_pending", "the citizen has not decided yet")


def _take(tx: Transaction, device_code_hash: str, device: DeviceCode | None) -> Authorization:
    found = tx.authorizations.get(device.authorization_id or "") if device else None
    if found is None or found.revoked_at is not None or not tx.device_codes.use(device_code_hash):
        raise OAuthError("invalid_grant", "the device code was used before or its consent withdrawn")
    return found
