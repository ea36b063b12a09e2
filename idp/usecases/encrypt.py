"""Encrypts what goes to a client with the client's own key (RFC 7516; OpenID Connect Core, section 10.2)."""

from __future__ import annotations

from typing import Any

from idp.domain.encryption import ALGORITHMS, CONTENT_ALGORITHMS, DEFAULT_CONTENT
from idp.domain.errors import OAuthError
from idp.domain.models import Client
from idp.usecases.client_keys import published_keys
from idp.usecases.services import Services

_ACCEPTED = [*ALGORITHMS, *CONTENT_ALGORITHMS]


def encrypt(services: Services, client: Client, text: str, *, alg: str, enc: str | None, nested: bool) -> str:
    """A compact JWE. ``nested``: the text is a JWT (RFC 7519, section 5.2).

    May fetch the client's keys. Raises OAuthError("invalid_client") when none of them can be used.
    """
    from joserfc import jwe  # a tenth of a second to import, and few clients ask for encryption
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry

    try:
        key = _encryption_key(services, client, alg)
        header: dict[str, Any] = {"alg": alg, "enc": enc or DEFAULT_CONTENT}
        header |= {"kid": key["kid"]} if "kid" in key else {}
        header |= {"cty": "JWT"} if nested else {}
        public = JWKRegistry.import_key(key)
        return jwe.encrypt_compact(header, text, public, algorithms=_ACCEPTED)
    except (JoseError, ValueError, KeyError, TypeError):
        raise OAuthError("invalid_client", "the client has no usable encryption key") from None


def _encryption_key(services: Services, client: Client, alg: str) -> dict[str, Any]:
    """The first key meant for it: by ``use`` and ``alg`` where they are there (RFC 7517, section 4)."""
    types = ("RSA",) if alg.startswith("RSA") else ("EC", "OKP")
    for key in published_keys(services, client, None):
        fits = key.get("kty") in types and key.get("alg", alg) == alg
        if fits and key.get("use", "enc") == "enc" and key.get("crv") != "Ed25519":
            return key
    raise ValueError("no key fits")
