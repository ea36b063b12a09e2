"""Encrypted ID tokens, signed and encrypted userinfo (OpenID Connect Core, sections 5.3.2 and 10.2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from joserfc import jwe
from joserfc.jwk import ECKey, RSAKey

from idp.domain.encryption import ALGORITHMS, CONTENT_ALGORITHMS
from tests.flows.conftest import ISSUER, Browser, Provider
from tests.flows.receiver import Receiver, receiving

RSA = RSAKey.generate_key(2048, {"kid": "r", "use": "enc"}, auto_kid=False)
EC = ECKey.generate_key("P-256", {"kid": "e", "use": "enc"}, auto_kid=False)
SIGNING = ECKey.generate_key("P-256", {"kid": "s", "use": "sig"}, auto_kid=False)
JWKS: dict[str, Any] = {"keys": [key.as_dict(private=False) for key in (SIGNING, RSA, EC)]}
ACCEPTED = [*ALGORITHMS, *CONTENT_ALGORITHMS]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


def _open(token: str, alg: str) -> tuple[dict[str, Any], str]:
    """(header, plain text) with the client's private key."""
    opened = jwe.decrypt_compact(token, RSA if alg.startswith("RSA") else EC, algorithms=ACCEPTED)
    assert opened.plaintext is not None
    return dict(opened.headers()), opened.plaintext.decode()


def _verified(browser: Browser, token: str, audience: str) -> dict[str, Any]:
    keys = jwt.PyJWKSet.from_dict(browser.http.get("/jwks").json())
    header = jwt.get_unverified_header(token)
    claims: dict[str, Any] = jwt.decode(
        token, keys[header["kid"]], algorithms=[header["alg"]], audience=audience, issuer=ISSUER
    )
    return claims


def _tokens(provider: Provider, browser: Browser, **metadata: Any) -> tuple[str, dict[str, Any]]:
    app = provider.add_client(**metadata)
    answer = browser.exchange(browser.code(client_id=app[0]), auth=app)
    assert answer.status_code == 200, answer.text
    return app[0], answer.json()


@pytest.mark.parametrize("alg", ALGORITHMS)
@pytest.mark.parametrize("enc", CONTENT_ALGORITHMS)
def test_an_encrypted_id_token_is_signed_inside(
    provider: Provider, browser: Browser, alg: str, enc: str
) -> None:
    wishes = {"id_token_encrypted_response_alg": alg, "id_token_encrypted_response_enc": enc}
    client_id, answer = _tokens(provider, browser, jwks=JWKS, **wishes)
    header, inner = _open(answer["id_token"], alg)
    assert (header["alg"], header["enc"], header["cty"]) == (alg, enc, "JWT")
    assert header["kid"] == ("r" if alg.startswith("RSA") else "e")  # never the signing key
    assert _verified(browser, inner, client_id)["nonce"] == "nonce-1"


def test_the_content_algorithm_has_a_default(provider: Provider, browser: Browser) -> None:
    """OpenID Connect Registration 1.0, section 2."""
    _, answer = _tokens(provider, browser, jwks=JWKS, id_token_encrypted_response_alg="ECDH-ES")
    assert _open(answer["id_token"], "ECDH-ES")[0]["enc"] == "A128CBC-HS256"


@pytest.mark.parametrize("signing", [None, "RS256", "EdDSA"])
@pytest.mark.parametrize("alg", [None, "RSA-OAEP-256", "ECDH-ES+A256KW"])
def test_userinfo_as_a_jwt(
    provider: Provider, browser: Browser, signing: str | None, alg: str | None
) -> None:
    wishes = {"userinfo_signed_response_alg": signing, "userinfo_encrypted_response_alg": alg}
    client_id, tokens = _tokens(provider, browser, jwks=JWKS, **wishes)
    answer = browser.http.get("/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert answer.status_code == 200
    kind = "application/jwt" if signing or alg else "application/json"
    assert answer.headers["content-type"].split(";")[0] == kind
    text = answer.text
    if alg:
        header, text = _open(text, alg)
        assert header.get("cty") == ("JWT" if signing else None)
    claims = _verified(browser, text, client_id) if signing else json.loads(text)
    known = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert claims["sub"] == known["sub"]
    assert claims["name"]


def test_the_key_may_be_published_by_address(
    provider: Provider, browser: Browser, receiver: Receiver
) -> None:
    receiver.documents = {"/jwks": json.dumps(JWKS)}
    wishes = {"id_token_encrypted_response_alg": "RSA-OAEP-256", "jwks_uri": receiver.url("/jwks")}
    client_id, answer = _tokens(provider, browser, **wishes)
    assert _verified(browser, _open(answer["id_token"], "RSA-OAEP-256")[1], client_id)["sub"]


def test_without_a_usable_key_nothing_leaves_in_the_clear(
    provider: Provider, browser: Browser, receiver: Receiver
) -> None:
    uri = receiver.url("/nothing")
    app = provider.add_client(id_token_encrypted_response_alg="RSA-OAEP-256", jwks_uri=uri)
    answer = browser.exchange(browser.code(client_id=app[0]), auth=app)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")
    assert "id_token" not in answer.json()


def test_introspection_as_an_encrypted_jwt(provider: Provider, browser: Browser) -> None:
    """RFC 9701, section 6."""
    app = provider.add_client(jwks=JWKS, introspection_encrypted_response_alg="ECDH-ES")
    media_type = "application/token-introspection+jwt"
    answer = browser.http.post(
        "/introspect", data={"token": "unknown"}, auth=app, headers={"Accept": media_type}
    )
    assert answer.headers["content-type"] == media_type
    header, inner = _open(answer.text, "ECDH-ES")
    assert (header["cty"], header["enc"]) == ("JWT", "A128CBC-HS256")
    assert _verified(browser, inner, app[0])["token_introspection"] == {"active": False}


def test_the_metadata_say_so(browser: Browser) -> None:
    metadata = browser.http.get("/.well-known/openid-configuration").json()
    for kind in ("id_token", "userinfo", "introspection", "authorization"):
        assert metadata[f"{kind}_encryption_alg_values_supported"] == list(ALGORITHMS)
        assert metadata[f"{kind}_encryption_enc_values_supported"] == list(CONTENT_ALGORITHMS)
    assert "EdDSA" in metadata["userinfo_signing_alg_values_supported"]
