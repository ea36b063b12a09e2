"""The login state as an app may follow it in the browser (OpenID Connect Session Management 1.0).

``static/session.js`` computes the same hash from its cookie.
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def browser_state(session_token: str) -> str:
    """A value for a cookie that scripts may read: new after each sign-in, worth nothing to a thief."""
    return hmac.new(session_token.encode(), b"browser state", hashlib.sha256).hexdigest()


def session_state(client_id: str, redirect_uri: str, state: str, salt: str) -> str | None:
    """Section 4.2: a salted hash of client, its origin and the browser's state; None without an origin."""
    origin = origin_of(redirect_uri)
    if origin is None:
        return None
    return hashlib.sha256(f"{client_id} {origin} {state} {salt}".encode()).hexdigest() + f".{salt}"


def origin_of(uri: str) -> str | None:
    """As browsers write it in ``event.origin`` (RFC 6454, section 6.2); None for an app's own scheme."""
    parts = urlsplit(uri)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"
