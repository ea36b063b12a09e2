"""Every address in the metadata is one that we, or a browser, may safely go to."""

from __future__ import annotations

from idp.domain.errors import IdpError
from idp.domain.models import Client
from idp.domain.registration.offered import Offered
from idp.domain.registration.uris import check_redirect_uri, check_web_uri

_WEB = (
    "client_uri",
    "logo_uri",
    "policy_uri",
    "tos_uri",
    "jwks_uri",
    "sector_identifier_uri",
    "backchannel_logout_uri",
    "frontchannel_logout_uri",
    "backchannel_client_notification_endpoint",
)
_MOST = 50


def check(client: Client, offered: Offered) -> None:
    if not client.redirect_uris and "authorization_code" in client.grant_types:
        raise IdpError("invalid_redirect_uri", "at least one redirect URI is needed")
    if len(client.redirect_uris) + len(client.post_logout_redirect_uris) + len(client.request_uris) > _MOST:
        raise IdpError("invalid_client_metadata", f"more than {_MOST} addresses")
    for uri in client.redirect_uris + client.post_logout_redirect_uris:
        check_redirect_uri(uri)
    for name in _WEB:
        uri = getattr(client, name)
        if uri is not None:
            check_web_uri(name, uri)
    for name, value in client.languages.items():
        if not name.startswith("client_name#"):
            check_web_uri(name, value)
    for uri in client.request_uris:
        check_web_uri("request_uris", uri.partition("#")[0])  # a fragment tells of changes (Core, 6.2)
