"""Logout tokens, the delays between deliveries, and the addresses of front-channel logout."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from idp.domain.models import Client

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TOKEN_TYPE = "logout+jwt"
TOKEN_LIFETIME = 120  # seconds; Back-Channel Logout 1.0, section 2.4 recommends two minutes at most
MAX_ATTEMPTS = 12
_FIRST_DELAY = 5  # seconds
_LONGEST_DELAY = 6 * 3600
ACCEPTED = ("200", "204")  # section 2.8


def logout_token_claims(
    *, issuer: str, client: Client, subject: str, sid: str, jti: str, now: int
) -> dict[str, Any]:
    """Section 2.4. There is never a nonce, so that it can't pass for an ID token."""
    return {
        "iss": issuer,
        "sub": subject,
        "aud": client.client_id,
        "iat": now,
        "exp": now + TOKEN_LIFETIME,
        "jti": jti,
        "sid": sid,
        "events": {EVENT: {}},
    }


def delay(attempts: int, chance: float) -> int:
    """Seconds before the next attempt: doubling, half of it left to ``chance`` (0..1)."""
    longest: int = min(_FIRST_DELAY << (attempts - 1), _LONGEST_DELAY)
    return max(1, round(longest * (0.5 + chance / 2)))


def frontchannel_url(client: Client, *, issuer: str, sid: str) -> str | None:
    """Front-Channel Logout 1.0, section 2: ``iss`` and ``sid`` always go together."""
    uri = client.frontchannel_logout_uri
    if uri is None:
        return None
    return uri + ("&" if urlsplit(uri).query else "?") + urlencode({"iss": issuer, "sid": sid})
