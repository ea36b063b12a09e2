"""Which addresses may be used: where to return to, and whom to talk to without TLS."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

MAX_RETURN_TO = 1000


def safe_return_to(value: str | None) -> str:
    """``value`` when it is a path of this very origin, else "/". Never raises.

    Refused: anything with a scheme or host ("//x", "https:x"), backslashes (browsers read them as
    slashes), control characters (browsers drop them), over ``MAX_RETURN_TO`` characters.
    """
    if not value or not value.startswith("/") or value.startswith("//") or len(value) > MAX_RETURN_TO:
        return "/"
    if "\\" in value or any(ord(c) < 0x21 or 0x7F <= ord(c) <= 0x9F for c in value):
        return "/"
    try:
        value.encode("utf-8")
        parts = urlsplit(value)
    except ValueError:  # lone surrogates, broken brackets
        return "/"
    return "/" if parts.scheme or parts.netloc else value


def is_loopback(host: str | None) -> bool:
    """True for localhost, ``*.localhost`` (RFC 6761, section 6.3), 127.0.0.0/8 and ::1."""
    if not host:
        return False
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_web_origin_url(url: object, *, allow_query: bool = True) -> bool:
    """True for https URLs, and for http ones on the loopback interface; no fragment, no user."""
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    if not host or parts.fragment or parts.username or (parts.query and not allow_query):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def origin_of(url: str) -> str:
    """Scheme, host and port as a browser writes them in ``Origin`` (RFC 6454, section 6.2)."""
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
