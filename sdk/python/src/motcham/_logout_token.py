"""Logout token validation, OpenID Connect Back-Channel Logout 1.0, section 2.6. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ._tokens import KeySource, seconds_of, verified_claims
from .errors import TokenInvalid

_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_TYPES = frozenset({"JWT", "LOGOUT+JWT"})
SKEW = 60  # seconds


@dataclass(frozen=True, slots=True)
class Logout:
    """Whose sessions end. sid: of one sign-in at the provider, None for all of ``sub``. issued: seconds."""

    sub: str | None
    sid: str | None
    issued: float


def validate_logout_token(
    token: str, *, issuer: str, client_id: str, algorithms: frozenset[str], keys: KeySource, now: float
) -> Logout:
    """What the token says, once every check holds; else TokenInvalid with a code ``logout_token_...``.

    ``jti`` is not remembered: a token that comes twice ends only what began before it was issued.
    """
    _, claims = verified_claims(token, "logout_token", _TYPES, algorithms, keys)
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if claims.get("iss") != issuer:
        raise TokenInvalid("logout_token_issuer", "iss is another provider")
    if not isinstance(audiences, list) or client_id not in audiences:
        raise TokenInvalid("logout_token_audience", "aud does not hold this client")
    issued, expires = (seconds_of(claims, name, "logout_token") for name in ("iat", "exp"))
    if expires <= now - SKEW or issued > now + SKEW:
        raise TokenInvalid("logout_token_expired", "exp is past or iat in the future; check the clocks")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(_EVENT), dict):
        raise TokenInvalid("logout_token_event", "events does not hold back-channel logout")
    if "nonce" in claims:
        raise TokenInvalid("logout_token_nonce", "a nonce belongs into ID tokens only")
    sub, sid = _text(claims, "sub"), _text(claims, "sid")
    if not _text(claims, "jti") or not (sub or sid):
        raise TokenInvalid("logout_token_malformed", "jti, and sub or sid, are required")
    return Logout(sub, sid, issued)


def _text(claims: dict[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if value is None or (isinstance(value, str) and 0 < len(value) <= 255):
        return value
    raise TokenInvalid("logout_token_malformed", f"{name} is malformed")
