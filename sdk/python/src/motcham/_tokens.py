"""ID token validation, OpenID Connect Core 1.0 section 3.1.3.7. Pure: keys and clock come from outside."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jwt

from .errors import TokenInvalid

KeySource = Callable[[str | None, str], Sequence[jwt.PyJWK]]

# claims about the sign-in itself, not about the citizen
PROTOCOL_CLAIMS = frozenset(
    {"iss", "sub", "aud", "azp", "exp", "iat", "nbf", "jti", "nonce", "at_hash", "c_hash", "s_hash"}
    | {"acr", "amr", "auth_time", "sid", "client_id", "typ"}
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the ID token of one sign-in must say. ``skew`` and ``max_age`` in seconds."""

    issuer: str
    client_id: str
    nonce: str
    algorithms: frozenset[str]
    access_token: str | None = None
    max_age: int | None = None
    skew: int = 60


def validate_id_token(token: str, expected: Expected, keys: KeySource, now: float) -> dict[str, Any]:
    """The claims, once every check holds; else TokenInvalid with a code beginning ``id_token_``."""
    algorithm, claims = verified_claims(token, "id_token", _TYPES, expected.algorithms, keys)
    _check_parties(claims, expected)
    _check_times(claims, expected, now)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise TokenInvalid("id_token_nonce", "nonce is not the one sent")
    if "at_hash" in claims and expected.access_token is not None:
        _check_at_hash(claims["at_hash"], expected.access_token, algorithm)
    return claims


_TYPES = frozenset({"JWT"})


def verified_claims(
    token: str, kind: str, types: frozenset[str], algorithms: frozenset[str], keys: KeySource
) -> tuple[str, dict[str, Any]]:
    """Algorithm and claims of a token that a key of the provider signed, nothing else checked.

    kind: begins the codes of TokenInvalid. types: allowed ``typ`` in capitals; none given counts as "JWT".
    """
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise TokenInvalid(f"{kind}_malformed", "not a signed JWT") from error
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in algorithms:
        raise TokenInvalid(f"{kind}_algorithm", "signature algorithm not in the provider's list")
    if "crit" in header or str(header.get("typ", "JWT")).upper() not in types:
        raise TokenInvalid(f"{kind}_malformed", "another kind of JWT")
    candidates = keys(kid if isinstance(kid, str) else None, algorithm)
    if not candidates:
        raise TokenInvalid(f"{kind}_key_unknown", "no published key of the provider fits")
    for key in candidates:
        try:
            # times and parties are checked by the caller, each with its own code
            return algorithm, jwt.decode(token, key, algorithms=[algorithm], options=_SIGNATURE_ONLY)
        except jwt.InvalidSignatureError:
            continue
        except jwt.PyJWTError as error:
            raise TokenInvalid(f"{kind}_malformed", "cannot be read") from error
    raise TokenInvalid(f"{kind}_signature", "signature does not verify")


_SIGNATURE_ONLY: Any = {
    "verify_signature": True,
    **{f"verify_{name}": False for name in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")},
}


def _check_parties(claims: dict[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise TokenInvalid("id_token_issuer", "iss is another provider")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255:
        raise TokenInvalid("id_token_subject", "sub is missing or malformed")
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or expected.client_id not in audiences:
        raise TokenInvalid("id_token_audience", "aud does not hold this client")
    azp = claims.get("azp")
    if (azp is not None or len(audiences) > 1) and azp != expected.client_id:
        raise TokenInvalid("id_token_audience", "azp is not this client")


def _check_times(claims: dict[str, Any], expected: Expected, now: float) -> None:
    if seconds_of(claims, "exp") <= now - expected.skew:
        raise TokenInvalid("id_token_expired", "exp is past; check the clocks of app and provider")
    if seconds_of(claims, "iat") > now + expected.skew:
        raise TokenInvalid("id_token_not_yet", "iat is in the future; check the clocks of app and provider")
    if "nbf" in claims and seconds_of(claims, "nbf") > now + expected.skew:
        raise TokenInvalid("id_token_not_yet", "nbf is in the future; check the clocks of app and provider")
    if (
        expected.max_age is not None
        and seconds_of(claims, "auth_time") < now - expected.max_age - expected.skew
    ):
        raise TokenInvalid("id_token_auth_time", "the citizen was not asked to sign in again")


def seconds_of(claims: dict[str, Any], name: str, kind: str = "id_token") -> float:
    """A NumericDate (RFC 7519, section 2). kind: begins the code of TokenInvalid."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TokenInvalid(f"{kind}_malformed", f"{name} is missing or not a number")
    return value


def _check_at_hash(at_hash: object, access_token: str, algorithm: str) -> None:
    # Ed25519 hashes with SHA-512, the others with the size in their name (Core 3.1.3.6)
    digest = hashlib.new("sha512" if algorithm == "EdDSA" else f"sha{algorithm[2:]}")
    digest.update(access_token.encode("ascii", "replace"))
    half = digest.digest()[: digest.digest_size // 2]
    if at_hash != base64.urlsafe_b64encode(half).rstrip(b"=").decode():
        raise TokenInvalid("id_token_at_hash", "at_hash does not fit the access token")


def holds_personal_claims(token: str) -> bool:
    """Whether a (validated) ID token says anything of the citizen beyond ``sub`` and how they signed in."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        return True
    return not PROTOCOL_CLAIMS.issuperset(claims)
