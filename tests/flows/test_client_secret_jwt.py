"""client_secret_jwt: the secret signs, it never travels (OpenID Connect Core, section 9)."""

from __future__ import annotations

import secrets
import time
from base64 import urlsafe_b64encode
from typing import Any

import httpx
import jwt
import pytest

from idp.usecases.client_assertion import ASSERTION_TYPE
from tests.flows.conftest import ISSUER, Provider
from tests.flows.keys import ProofKey


@pytest.fixture
def app(provider: Provider) -> tuple[str, str]:
    client_id, secret = provider.add_client(
        auth_method="client_secret_jwt", redirect_uris=(), grant_types=("client_credentials",)
    )
    assert secret
    return client_id, secret


def assertion(client_id: str, secret: Any, alg: str = "HS256", **changes: Any) -> str:
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": f"{ISSUER}/token",
        "jti": secrets.token_urlsafe(8),
        "exp": int(time.time()) + 60,
    }
    return jwt.encode(claims | changes, secret, algorithm=alg)


def ask(provider: Provider, text: str) -> httpx.Response:
    data = {
        "grant_type": "client_credentials",
        "client_assertion": text,
        "client_assertion_type": ASSERTION_TYPE,
    }
    return provider.browser().http.post("/token", data=data)


def test_the_secret_signs_once(provider: Provider, app: tuple[str, str]) -> None:
    text = assertion(*app)
    assert ask(provider, text).status_code == 200
    assert ask(provider, text).json()["error"] == "invalid_client"


def test_what_is_wrong_is_refused(provider: Provider, app: tuple[str, str]) -> None:
    client_id, secret = app
    for text in (
        assertion(client_id, "another secret of the same length as it"),
        assertion(client_id, secret, aud="https://else.example"),
        assertion(client_id, secret, exp=int(time.time()) - 60),
        assertion(client_id, secret, exp=float("inf")),
        assertion(client_id, None, alg="none"),
        assertion(client_id, ProofKey().private, alg="ES256"),
        urlsafe_b64encode(b"[" * 20000).decode() + ".e30.x",
    ):
        answer = ask(provider, text)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_the_secret_itself_is_not_taken(provider: Provider, app: tuple[str, str]) -> None:
    data = {"grant_type": "client_credentials"}
    assert provider.browser().http.post("/token", data=data, auth=app).status_code == 401
    posted = provider.browser().http.post(
        "/token", data=data | {"client_id": app[0], "client_secret": app[1]}
    )
    assert posted.status_code == 401


def test_a_mac_does_not_pass_for_a_signature(provider: Provider) -> None:
    """RFC 8725, section 2.1: the public key must never serve as a MAC key."""
    key = ProofKey()
    client_id, _ = provider.add_client(
        auth_method="private_key_jwt",
        jwks={"keys": [key.jwk]},
        redirect_uris=(),
        grant_types=("client_credentials",),
    )
    assert ask(provider, assertion(client_id, key.jwk["x"])).json()["error"] == "invalid_client"
    assert ask(provider, key.assertion(client_id)).status_code == 200


def test_the_secret_is_not_in_the_database(provider: Provider, app: tuple[str, str]) -> None:
    with provider.services.store.read() as tx:
        client = tx.clients.get(app[0])
    assert client is not None
    assert app[1] not in repr(client)
