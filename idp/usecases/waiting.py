"""Requests that wait elsewhere for a citizen's decision: a device's (RFC 8628), an app's (CIBA)."""

from __future__ import annotations

from idp.domain.errors import OAuthError
from idp.domain.models import AuthorizationRequest
from idp.ports import Transaction
from idp.usecases.services import Services

_STATES = {"access_denied": "denied", "unmet_authentication_requirements": "failed"}


def approve(
    services: Services, tx: Transaction, request: AuthorizationRequest, authorization_id: str
) -> bool:
    """True for the one decision that counts."""
    if request.backchannel is not None:
        return decide(services, tx, request.backchannel, "approved", authorization_id)
    return tx.device_codes.decide(request.device or "", services.clock(), authorization_id=authorization_id)


def refuse(services: Services, tx: Transaction, request: AuthorizationRequest, error: OAuthError) -> None:
    """Another person who signed in on the way (``login_required``) decides nothing of an app's request."""
    if request.device is not None:
        tx.device_codes.decide(request.device, services.clock(), authorization_id=None)
    if request.backchannel is not None and error.code in _STATES:
        decide(services, tx, request.backchannel, _STATES[error.code], None)


def decide(
    services: Services, tx: Transaction, auth_req_id_hash: str, state: str, authorization_id: str | None
) -> bool:
    """Decides an app's request and queues the ping; True for the one caller that does."""
    now = services.clock()
    if not tx.backchannel.decide(auth_req_id_hash, now, state=state, authorization_id=authorization_id):
        return False
    found = tx.backchannel.get(auth_req_id_hash)
    assert found is not None
    if found.ping is not None:
        tx.pings.add(found.client_id, auth_req_id_hash, now)
    account = tx.accounts.get(found.account_id) if state == "approved" and found.account_id else None
    if account is not None:
        for called in (account.profile.number, found.request.subject):
            tx.throttle.clear(flood_key(found.client_id, called))
    return True


def flood_key(client_id: str, citizen: str | None) -> str:
    """Under which an app's requests to one citizen are counted. ``citizen``: number or ``sub``."""
    return f"ciba:{client_id}:{citizen}"
