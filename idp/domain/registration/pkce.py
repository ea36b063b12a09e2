"""Who may be let off PKCE (RFC 9700, section 2.1.1): confidential web apps, one by one, by an admin."""

from __future__ import annotations

from urllib.parse import urlsplit

from idp.domain.errors import IdpError
from idp.domain.models import Client
from idp.domain.registration.offered import Offered

_LOOPBACK_LITERALS = ("127.0.0.1", "::1")


def check(client: Client, offered: Offered) -> None:
    if client.require_pkce:
        return
    if client.auth_method == "none" or any(map(_is_native, client.redirect_uris)):
        raise IdpError("invalid_client_metadata", "public and native apps cannot do without PKCE")
    if client.fapi2:
        raise IdpError("invalid_client_metadata", "fapi2 cannot do without PKCE")


def _is_native(uri: str) -> bool:
    """A private-use scheme or a loopback IP literal (RFC 8252, sections 7.1 and 7.3)."""
    parts = urlsplit(uri)
    return parts.scheme not in ("http", "https") or parts.hostname in _LOOPBACK_LITERALS
