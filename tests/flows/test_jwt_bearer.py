"""The jwt-bearer grant (RFC 7523, section 2.1)."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import jwt
import pytest

from idp.usecases.client_assertion import ASSERTION_TYPE
from idp.usecases.grants.jwt_bearer import GRANT
from tests.flows.conftest import Provider
from tests.flows.keys import ProofKey
from tests.flows.receiver import receiving


@pytest.fixture
def key() -> ProofKey:
    return ProofKey()


@pytest.fixture
def client_id(provider: Provider, key: ProofKey) -> str:
    return provider.add_client(
        auth_method="private_key_jwt",
        jwks={"keys": [key.jwk]},
        redirect_uris=(),
        grant_types=(GRANT,),
        scope=("report.read",),
    )[0]


def ask(provider: Provider, assertion: str | None, **changes: Any) -> httpx.Response:
    data = {"grant_type": GRANT} | ({"assertion": assertion} if assertion else {}) | changes
    return provider.browser().http.post("/token", data=data)


def test_the_assertion_is_the_grant(provider: Provider, client_id: str, key: ProofKey) -> None:
    """RFC 7521, section 4.1: client authentication is optional."""
    body = ask(provider, key.assertion(client_id)).json()
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["scope"]) == (client_id, "report.read")
    assert "refresh_token" not in body


def test_what_is_wrong_with_the_assertion_is_invalid_grant(
    provider: Provider, client_id: str, key: ProofKey
) -> None:
    """Section 3.1."""
    for assertion in (
        key.assertion(client_id, aud="https://else.example"),
        key.assertion(client_id, sub="somebody"),
        key.assertion(client_id, iss="nobody"),
        key.assertion(client_id, exp=int(time.time()) - 60),
        key.assertion(client_id, exp=int(time.time()) + 86400),
        ProofKey().assertion(client_id),
        "junk",
    ):
        answer = ask(provider, assertion)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    other = ask(provider, key.assertion(client_id), client_id="somebody")
    assert other.json()["error"] == "invalid_grant"
    assert ask(provider, None).json()["error"] == "invalid_request"


def test_two_at_once_use_it_once(provider: Provider, client_id: str, key: ProofKey) -> None:
    assertion = key.assertion(client_id)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: ask(provider, assertion), range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 400]


def test_the_client_must_be_registered_for_it(provider: Provider, key: ProofKey) -> None:
    plain, _ = provider.add_client(auth_method="private_key_jwt", jwks={"keys": [key.jwk]})
    assert ask(provider, key.assertion(plain)).json()["error"] == "unauthorized_client"


def test_scopes_of_citizens_are_not_for_it(provider: Provider, client_id: str, key: ProofKey) -> None:
    assert ask(provider, key.assertion(client_id), scope="openid").json()["error"] == "invalid_scope"


def test_keys_by_address(provider: Provider, key: ProofKey) -> None:
    """RFC 7591, section 2: jwks_uri. Its keys prove the client everywhere an assertion does."""
    with receiving() as server:
        server.documents["/jwks"] = json.dumps({"keys": [key.jwk]})
        client_id, _ = provider.add_client(
            auth_method="private_key_jwt",
            jwks_uri=server.url("/jwks"),
            redirect_uris=(),
            grant_types=(GRANT, "client_credentials"),
        )
        assert ask(provider, key.assertion(client_id)).status_code == 200
        assert ask(provider, ProofKey().assertion(client_id)).json()["error"] == "invalid_grant"
        proven = {"client_assertion": key.assertion(client_id), "client_assertion_type": ASSERTION_TYPE}
        http = provider.browser().http
        assert http.post("/token", data={"grant_type": "client_credentials"} | proven).status_code == 200
        lost, _ = provider.add_client(
            auth_method="private_key_jwt",
            jwks_uri=server.url("/nothing"),
            redirect_uris=(),
            grant_types=("client_credentials",),
        )
        proven["client_assertion"] = key.assertion(lost)
        refused = http.post("/token", data={"grant_type": "client_credentials"} | proven)
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
