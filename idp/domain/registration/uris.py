"""Addresses in client metadata: redirect URIs, and pages and endpoints of the client."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from idp.domain.errors import IdpError

_AUTHORITY = re.compile(r"[A-Za-z0-9._~\[\]:-]*")


def check_redirect_uri(uri: str) -> None:
    """https, http on loopback only, or a private-use scheme with a dot (RFC 8252, sections 7 and 8.4).

    Raises IdpError("invalid_redirect_uri"); a fragment is refused (RFC 6749, section 3.1.2).
    """
    parts = _split(uri, "invalid_redirect_uri")
    host = parts.hostname or ""
    if (parts.scheme == "https" and host) or (parts.scheme == "http" and is_loopback(host)):
        return
    if "." in parts.scheme:
        return
    raise IdpError("invalid_redirect_uri", "use https, or http on a loopback host")


def check_web_uri(name: str, uri: str) -> None:
    """An address that we or a browser call: https, or http on loopback.

    Raises IdpError("invalid_client_metadata").
    """
    parts = _split(uri, "invalid_client_metadata", name)
    host = parts.hostname or ""
    if not ((parts.scheme == "https" and host) or (parts.scheme == "http" and is_loopback(host))):
        raise IdpError("invalid_client_metadata", f"{name}: use https, or http on a loopback host")


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(uri: str, code: str, name: str = "redirect_uri") -> SplitResult:
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        raise IdpError(code, f"{name} is not a URI") from None
    if "#" in uri or parts.username is not None or any(c.isspace() or ord(c) < 33 for c in uri):
        raise IdpError(code, f"{name}: fragments, user names and white space are not allowed")
    if not _AUTHORITY.fullmatch(parts.netloc):  # it stands in our Content-Security-Policy, among others
        raise IdpError(code, f"{name}: the host holds other than letters, digits, dots and hyphens")
    if len(uri) > 2000:
        raise IdpError(code, f"{name} is too long")
    return parts
