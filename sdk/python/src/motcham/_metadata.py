"""Provider metadata (OpenID Connect Discovery 1.0, section 3; RFC 8414)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ._urls import is_web_origin_url
from .errors import ProviderError

# asymmetric only: "none" and HMAC are never accepted, whatever the provider lists
SIGNING_ALGORITHMS = frozenset(
    {"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"}
)


@dataclass(frozen=True, slots=True)
class ProviderMetadata:
    """The part of the discovery document that signing in and out needs."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    id_token_algorithms: frozenset[str]
    pushed_endpoint: str | None  # RFC 9126
    iss_parameter: bool  # RFC 9207: the provider puts ``iss`` into every authorization response


def discovery_url(issuer: str) -> str:
    """Where ``issuer`` publishes its metadata (Discovery 4.1)."""
    return issuer.rstrip("/") + "/.well-known/openid-configuration"


def parse_metadata(issuer: str, document: object) -> ProviderMetadata:
    """Check the discovery document of ``issuer``; raises ProviderError ``metadata_invalid`` or
    ``metadata_issuer_mismatch`` (Discovery 4.3)."""
    if not isinstance(document, Mapping):
        raise ProviderError("metadata_invalid", "the discovery document is not a JSON object")
    if document.get("issuer") != issuer:
        raise ProviderError(
            "metadata_issuer_mismatch",
            "the discovery document names another issuer than MOTCHAM_ISSUER, which must be equal to it",
        )
    return ProviderMetadata(
        issuer=issuer,
        authorization_endpoint=_endpoint(document, "authorization_endpoint"),
        token_endpoint=_endpoint(document, "token_endpoint"),
        jwks_uri=_endpoint(document, "jwks_uri"),
        userinfo_endpoint=_optional(document, "userinfo_endpoint"),
        end_session_endpoint=_optional(document, "end_session_endpoint"),
        pushed_endpoint=_optional(document, "pushed_authorization_request_endpoint"),
        id_token_algorithms=_algorithms(document),
        iss_parameter=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _endpoint(document: Mapping[str, Any], name: str) -> str:
    url = document.get(name)
    if not isinstance(url, str) or not is_web_origin_url(url):
        raise ProviderError("metadata_invalid", f"{name} is missing or is not an https address")
    return url


def _optional(document: Mapping[str, Any], name: str) -> str | None:
    return _endpoint(document, name) if document.get(name) is not None else None


def _algorithms(document: Mapping[str, Any]) -> frozenset[str]:
    listed = document.get("id_token_signing_alg_values_supported", ["RS256"])
    names = {n for n in listed if isinstance(n, str)} if isinstance(listed, list) else set()
    usable = SIGNING_ALGORITHMS & names
    if not usable:
        raise ProviderError("metadata_invalid", "the provider offers no asymmetric ID token signature")
    return frozenset(usable)
