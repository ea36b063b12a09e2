"""Metadata of clients that ask backchannel (CIBA Core 1.0, section 4; FAPI: CIBA Profile, section 5.2.2)."""

from __future__ import annotations

from idp.domain.errors import IdpError
from idp.domain.grant_types import CIBA
from idp.domain.models import Client
from idp.domain.registration.offered import Offered

MODES = ("poll", "ping")


def check(client: Client, offered: Offered) -> None:
    if CIBA not in client.grant_types:
        return
    if client.self_registered:  # it reaches citizens who did nothing
        raise _wrong("CIBA is for apps that an admin let in: register with an initial access token")
    mode, alg = client.backchannel_token_delivery_mode, client.backchannel_authentication_request_signing_alg
    if mode not in MODES:
        raise _wrong("backchannel_token_delivery_mode must be poll or ping")
    if mode == "ping" and client.backchannel_client_notification_endpoint is None:
        raise _wrong("ping needs backchannel_client_notification_endpoint")
    if client.auth_method == "none":
        raise _wrong("CIBA needs client authentication")
    if alg not in (None, *offered.accepted_algs):
        raise _wrong("backchannel_authentication_request_signing_alg is not offered")
    if alg is not None and client.jwks is None and client.jwks_uri is None:
        raise _wrong("signed requests need jwks or jwks_uri")
    if client.fapi2 and alg is None:
        raise _wrong(f"{client.profile}: CIBA needs backchannel_authentication_request_signing_alg")


def _wrong(description: str) -> IdpError:
    return IdpError("invalid_client_metadata", description)
