"""Device authorization (RFC 8628): a device asks, a citizen types its code into a browser of their own."""

from __future__ import annotations

import secrets
from typing import Any

from idp.domain import resources
from idp.domain.checks.scope import allowed
from idp.domain.details import request as details
from idp.domain.errors import OAuthError, PageError
from idp.domain.models import AuthorizationRequest, DeviceCode
from idp.tokens import hash_secret, new_secret
from idp.usecases.authenticate_client import ClientCredentials, authenticate_client, prepare_credentials
from idp.usecases.authorize import open_request
from idp.usecases.grants.device_code import GRANT
from idp.usecases.services import Services

INTERVAL = 5  # seconds between two polls
MAX_FAILURES, WINDOW = 20, 15 * 60  # wrong codes per address in that many seconds (section 5.1)
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words (section 6.1)
_LENGTH = 8


def start(services: Services, offered: ClientCredentials, params: dict[str, str]) -> dict[str, Any]:
    """The device authorization response (section 3.2).

    Raises OAuthError: ``invalid_client``, ``unauthorized_client``, ``invalid_scope``, ``invalid_target``,
    ``invalid_authorization_details``.
    """
    prepare_credentials(services, offered)
    now, device_code = services.clock(), new_secret("d")
    with services.store.begin() as tx:
        client = authenticate_client(services, tx, offered)
        if GRANT not in client.grant_types:
            raise OAuthError("unauthorized_client", "the client is not registered for devices")
        scope = allowed(client, params.get("scope", "openid").split())
        if not scope:
            raise OAuthError("invalid_scope", "no scope that this client may ask for")
        wanted = resources.split(params.get("resource"))
        resources.check(wanted, client.resources)
        text, registered = params.get("authorization_details"), client.authorization_details_types
        told = details.parse(text, services.details_types, registered) if text else ()
        while not tx.device_codes.add(
            DeviceCode(
                device_code_hash=hash_secret(device_code),
                user_code=(user_code := "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))),
                client_id=client.client_id,
                request={
                    "scope": list(scope),
                    "resources": list(wanted),
                    "authorization_details": list(told),
                },
                interval=INTERVAL,
                expires_at=now + services.lifetimes.device_code,
            ),
            now,
        ):
            pass  # the code is taken: the next one
    shown = spaced(user_code)
    return {
        "device_code": device_code,
        "user_code": shown,
        "verification_uri": f"{services.issuer}/device",
        "verification_uri_complete": f"{services.issuer}/device?user_code={shown}",
        "expires_in": services.lifetimes.device_code,
        "interval": INTERVAL,
    }


def spaced(user_code: str) -> str:
    """As people read it: two groups of four."""
    return f"{user_code[:4]}-{user_code[4:]}"


def enter(services: Services, typed: str, *, browser: str, address: str, session_token: str | None) -> str:
    """The next page for a citizen who typed a code: sign-in, then always the consent (section 5.4).

    Raises PageError: ``device_code_invalid``, ``too_many_attempts``.
    """
    user_code = "".join(letter for letter in typed.upper() if letter.isalnum())[:16]
    key, now = "device:" + hash_secret(address), services.clock()
    with services.store.begin() as tx:
        tx.throttle.lock(key)
        if tx.throttle.failures(key, now - WINDOW) >= MAX_FAILURES:
            raise PageError("too_many_attempts", status=429, retry_after=WINDOW)
        device = tx.device_codes.pending(user_code, now)
        if device is not None:
            request = AuthorizationRequest(
                client_id=device.client_id,
                redirect_uri=f"{services.issuer}/device/done",
                scope=tuple(device.request["scope"]),
                state=None,
                nonce=None,
                code_challenge="",
                prompt=("consent",),
                resources=tuple(device.request["resources"]),
                device=device.user_code,
                authorization_details=tuple(device.request.get("authorization_details", ())),
            )
            return open_request(services, tx, request, browser=browser, session_token=session_token)
        tx.throttle.record(key, now)
    raise PageError("device_code_invalid", status=422)
