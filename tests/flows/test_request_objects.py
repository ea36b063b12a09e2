"""Request objects, by value and by reference (RFC 9101; OpenID Connect Core, section 6)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider, query_of
from tests.flows.keys import ProofKey
from tests.flows.receiver import Receiver, receiving
from tests.flows.test_response_modes import form_of

KEY = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())


def jwk(key: ec.EllipticCurvePrivateKey, kid: str) -> dict[str, Any]:
    public: dict[str, Any] = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return public | {"kid": kid}


JWKS = {"keys": [jwk(KEY, "k1")]}


def client_with(provider: Provider, **changes: Any) -> tuple[str, str | None]:
    client_id, secret = provider.add_client()
    with provider.services.store.begin() as tx:
        client = tx.clients.get(client_id)
        assert client
        tx.clients.update(replace(client, **({"jwks": JWKS} | changes)))
    return client_id, secret


@pytest.fixture
def client(provider: Provider) -> tuple[str, str | None]:
    return client_with(provider)


@pytest.fixture(scope="module")
def server() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def request_object(
    browser: Browser,
    client_id: str,
    /,
    *,
    key: Any = KEY,
    kid: str = "k1",
    alg: str = "ES256",
    typ: str | None = "oauth-authz-req+jwt",
    **changes: Any,
) -> str:
    claims = browser.params(client_id=client_id, iss=client_id, aud=ISSUER) | {"exp": int(time.time()) + 60}
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    headers = {"kid": kid, "typ": typ}
    return jwt.encode(claims, key, algorithm=alg, headers=headers)


def send(browser: Browser, **params: str) -> httpx.Response:
    return browser.http.get("/authorize?" + urlencode(params))


def test_only_what_is_inside_counts(browser: Browser, client: tuple[str, str | None]) -> None:
    """RFC 9101, section 6.3: state, scope and redirect_uri from the address do not count."""
    token = request_object(browser, client[0], state=None, max_age=1000, claims={"id_token": {"name": None}})
    first = send(
        browser,
        client_id=client[0],
        request=token,
        state="outside",
        scope="openid vn_personal_number",
        redirect_uri="http://evil.example/cb",
    ).headers["location"]
    assert first.endswith("/sign-in")
    consent = browser.sign_in(first).headers["location"]
    assert 'data-scope="vn_personal_number"' not in browser.http.get(consent).text
    back = browser.submit(consent, decision="allow").headers["location"]
    assert back.startswith(REDIRECT + "?")
    assert "state" not in query_of(back)
    body = browser.exchange(query_of(back)["code"], auth=client).json()
    assert jwt.decode(body["id_token"], options={"verify_signature": False})["name"]


@pytest.mark.parametrize(
    "changes",
    [
        {"key": OTHER},
        {"kid": "k2"},
        {"exp": 1000},
        {"nbf": 4102444800},
        {"aud": "https://other.example"},
        {"iss": "someone"},
        {"client_id": "someone"},
        {"request_uri": "https://app.example/r"},
        {"state": "\0"},
        {"state": "\ud800"},
        {"key": "secret" * 8, "alg": "HS256"},
        {"key": None, "alg": "none"},
    ],
)
def test_invalid_objects(browser: Browser, client: tuple[str, str | None], changes: dict[str, Any]) -> None:
    """Section 6.2: invalid_request_object, to the address only where that is proven."""
    token = request_object(browser, client[0], **changes)
    page = send(browser, client_id=client[0], request=token)
    assert page.status_code == 400
    assert 'data-code="invalid_request_object"' in page.text
    target = browser.authorize(client_id=client[0], request=token).headers["location"]
    assert query_of(target)["error"] == "invalid_request_object"


def test_unsigned_only_where_registered(provider: Provider, browser: Browser) -> None:
    """OpenID Connect Core, section 6.1."""
    client_id, _ = client_with(provider, request_object_signing_alg="none")
    token = request_object(browser, client_id, key=None, alg="none")
    assert send(browser, client_id=client_id, request=token).headers["location"].endswith("/sign-in")
    signed = request_object(browser, client_id)
    assert send(browser, client_id=client_id, request=signed).status_code == 400
    strict, _ = client_with(provider, request_object_signing_alg="none", require_signed_request_object=True)
    token = request_object(browser, strict, key=None, alg="none")
    assert send(browser, client_id=strict, request=token).status_code == 400


def test_clients_that_must_sign(provider: Provider, browser: Browser) -> None:
    """RFC 9101, section 10.5."""
    client_id, secret = client_with(provider, require_signed_request_object=True)
    target = browser.authorize(client_id=client_id).headers["location"]
    assert query_of(target)["error"] == "invalid_request"
    token = request_object(browser, client_id)
    assert send(browser, client_id=client_id, request=token).headers["location"].endswith("/sign-in")
    plain = browser.http.post(
        "/par", data=browser.params(client_id=client_id), auth=(client_id, secret or "")
    )
    assert plain.json()["error"] == "invalid_request"


def test_a_pushed_request_object(provider: Provider, browser: Browser) -> None:
    """RFC 9126, section 3."""
    client_id, secret = client_with(provider, require_signed_request_object=True)
    token = request_object(browser, client_id, state="inside")
    auth = (client_id, secret or "")
    pushed = browser.http.post("/par", data={"request": token, "client_id": client_id}, auth=auth)
    assert pushed.status_code == 201
    uri = pushed.json()["request_uri"]
    target = send(browser, client_id=client_id, request_uri=uri).headers["location"]
    back = browser.http.get(target.replace("/sign-in", "/cancel")).headers["location"]
    assert query_of(back)["state"] == "inside"
    broken = browser.http.post("/par", data={"request": token + "x"}, auth=auth)
    assert (broken.status_code, broken.json()["error"]) == (400, "invalid_request_object")


def test_by_reference(provider: Provider, browser: Browser, server: Receiver) -> None:
    """Section 5.2: only a registered request_uri is fetched."""
    uri = server.url("/request.jwt")
    client_id, _ = client_with(provider, request_uris=(uri, server.url("/gone.jwt")))
    token = request_object(browser, client_id)
    server.documents["/request.jwt"] = token
    assert send(browser, client_id=client_id, request_uri=uri).headers["location"].endswith("/sign-in")
    for wrong in (server.url("/gone.jwt"), server.url("/unregistered.jwt"), uri + "#x"):
        page = send(browser, client_id=client_id, request_uri=wrong)
        assert page.status_code == 400
        assert 'data-code="invalid_request_uri"' in page.text


def test_the_fragment_of_a_request_uri_only_tells_of_a_change(
    provider: Provider, browser: Browser, server: Receiver
) -> None:
    """OpenID Connect Core, section 6.2: it is for caches, the object's signature is the proof."""
    client_id, _ = client_with(provider)
    server.documents["/changed.jwt"] = request_object(browser, client_id)
    first, second = server.url("/changed.jwt#one"), server.url("/changed.jwt#two")
    with provider.services.store.begin() as tx:
        client = tx.clients.get(client_id)
        assert client
        tx.clients.update(replace(client, request_uris=(first, second)))
    for uri in (first, second):
        assert send(browser, client_id=client_id, request_uri=uri).headers["location"].endswith("/sign-in")
    other = server.url("/changed.jwt#three")  # not registered
    assert send(browser, client_id=client_id, request_uri=other).status_code == 400


def test_keys_by_address_are_fetched_again_for_a_new_kid(
    provider: Provider, browser: Browser, server: Receiver
) -> None:
    """OpenID Connect Core, section 10.1.1: a client rotates its keys by publishing them."""
    server.documents["/jwks"] = json.dumps(JWKS)
    client_id, _ = client_with(provider, jwks=None, jwks_uri=server.url("/jwks"))
    token = request_object(browser, client_id)
    assert send(browser, client_id=client_id, request=token).headers["location"].endswith("/sign-in")
    foreign = request_object(browser, client_id, key=OTHER, kid="k2")
    assert send(browser, client_id=client_id, request=foreign).status_code == 400


def test_request_and_request_uri_exclude_each_other(browser: Browser, client: tuple[str, str | None]) -> None:
    token = request_object(browser, client[0])
    target = browser.authorize(client_id=client[0], request=token, request_uri="https://a.example/r")
    assert query_of(target.headers["location"])["error"] == "invalid_request"


def test_metadata(browser: Browser) -> None:
    document = browser.http.get("/.well-known/openid-configuration").json()
    assert document["request_parameter_supported"] is True
    assert document["require_request_uri_registration"] is True
    assert "HS256" not in document["request_object_signing_alg_values_supported"]


def test_the_refusal_goes_back_as_the_parameters_outside_ask(
    browser: Browser, client: tuple[str, str | None]
) -> None:
    """Where the refused object does not say it."""
    inside = request_object(browser, client[0], key=OTHER)
    outside = {"client_id": client[0], "redirect_uri": REDIRECT, "request": inside, "state": "outside"}
    page = send(browser, response_mode="form_post", **outside)
    assert form_of(page)[1].keys() == {"error", "error_description", "iss", "state"}
    assert send(browser, **outside).headers["location"].startswith(f"{REDIRECT}?error=invalid_request_object")


def test_a_pushed_object_is_bound_to_the_key_of_the_proof(
    browser: Browser, client: tuple[str, str | None]
) -> None:
    """RFC 9449, section 10.1, also where the parameters are in a request object."""
    key = ProofKey()
    browser.code(client_id=client[0])  # signed in and consented

    def push(**inside: Any) -> httpx.Response:
        form = {"request": request_object(browser, client[0], **inside)}
        return browser.http.post("/par", data=form, auth=client, headers=key.headers("/par"))

    assert push(dpop_jkt=ProofKey().jkt).json()["error"] == "invalid_dpop_proof"
    for proof, status in ((ProofKey(), 400), (key, 200)):
        request_uri = push().json()["request_uri"]
        back = send(browser, client_id=client[0], request_uri=request_uri).headers["location"]
        form = {"grant_type": "authorization_code", "code": query_of(back)["code"], "redirect_uri": REDIRECT}
        form["code_verifier"] = browser.verifier
        answer = browser.http.post("/token", data=form, auth=client, headers=proof.headers())
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize("typ", ["JWT", "OAutH-auThZ-REQ+jWT", "application/oauth-authz-req+jwt", None])
def test_the_type_of_the_object_is_a_media_type(
    browser: Browser, client: tuple[str, str | None], typ: str | None
) -> None:
    """RFC 7515, section 4.1.9: in any case of letters, with or without ``application/``."""
    token = request_object(browser, client[0], typ=typ)
    assert "/i/" in send(browser, client_id=client[0], request=token).headers["location"]
