"""Dynamic registration and its management (RFC 7591, RFC 7592; OpenID Connect Registration 1.0)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from starlette.testclient import TestClient

from idp.app import create_app
from idp.cli import main
from idp.domain.grant_types import CIBA
from idp.settings import Settings
from idp.usecases.registration.register import initial_access_token
from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider
from tests.flows.receiver import Receiver, receiving

ACME = "https://acme.example"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


def _jwk(key: ec.EllipticCurvePrivateKey, kid: str = "k1") -> dict[str, Any]:
    jwk: dict[str, Any] = json.loads(ECAlgorithm.to_jwk(key.public_key()))
    return jwk | {"kid": kid}


def _token(provider: Provider, **constraints: Any) -> str:
    return initial_access_token(provider.services, uses=1, lifetime=60, constraints=constraints)


def _register(provider: Provider, token: str | None = None, **document: Any) -> httpx.Response:
    body = {
        name: value for name, value in ({"redirect_uris": [REDIRECT]} | document).items() if value is not None
    }
    return provider.browser().http.post(
        "/register",
        json=body,
        headers={"Authorization": f"Bearer {token or _token(provider)}"},
    )


def _manage(provider: Provider, made: dict[str, Any], method: str = "GET", **request: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {made['registration_access_token']}"}
    return provider.browser().http.request(
        method, made["registration_client_uri"], headers=headers, **request
    )


def test_a_registered_app_signs_a_citizen_in(provider: Provider, browser: Browser) -> None:
    """RFC 7591, section 3.2.1, with the defaults of section 2: RS256 is OpenID Connect's."""
    answer = _register(provider, client_name="Sổ tay", contacts=["a@b.vn"], unknown={"ignored": True})
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    made = answer.json()
    assert made["redirect_uris"] == [REDIRECT]
    assert (made["client_name"], made["contacts"]) == ("Sổ tay", ["a@b.vn"])
    assert made["token_endpoint_auth_method"] == "client_secret_basic"
    assert (made["grant_types"], made["response_types"]) == (["authorization_code"], ["code"])
    assert made["client_secret_expires_at"] == 0
    assert abs(made["client_id_issued_at"] - time.time()) < 60
    assert made["registration_client_uri"] == f"{ISSUER}/register/{made['client_id']}"
    assert "unknown" not in made
    auth = (made["client_id"], made["client_secret"])
    token = browser.exchange(browser.code(client_id=auth[0]), auth=auth).json()["id_token"]
    assert jwt.get_unverified_header(token)["alg"] == "RS256"


def test_an_initial_access_token_is_needed_and_is_used_up(provider: Provider) -> None:
    """RFC 7591, section 3."""
    http = provider.browser().http
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}):
        refused = http.post("/register", json={"redirect_uris": [REDIRECT]}, headers=headers)
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_token")
        assert refused.headers["www-authenticate"].startswith("Bearer")
    token = _token(provider)
    assert _register(provider, token, redirect_uris=["https://a.example/#x"]).status_code == 400
    assert _register(provider, token).status_code == 201  # a refused document had not used it up
    assert _register(provider, token).status_code == 401


def test_open_registration_is_a_setting(provider: Provider) -> None:
    app = create_app(provider.app.state.settings.model_copy(update={"open_registration": True}))
    http = TestClient(app, base_url=ISSUER)
    made = http.post("/register", json={"redirect_uris": [REDIRECT]})
    assert made.status_code == 201
    # CIBA reaches citizens who did nothing: not for apps that nobody let in, now or by a change.
    asks = {"redirect_uris": [REDIRECT], "grant_types": [CIBA], "backchannel_token_delivery_mode": "poll"}
    assert http.post("/register", json=asks).json()["error"] == "invalid_client_metadata"
    later = _manage(provider, made.json(), "PUT", json=asks | {"client_id": made.json()["client_id"]})
    assert later.json()["error"] == "invalid_client_metadata"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uris": None}, "invalid_redirect_uri"),
        ({"redirect_uris": "https://a.example/"}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://a.example/cb#part"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["http://a.example/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://*.example/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://u:p@a.example/"]}, "invalid_redirect_uri"),
        ({"post_logout_redirect_uris": ["http://a.example/"]}, "invalid_redirect_uri"),
        ({"redirect_uris": [REDIRECT, "https://b.example/cb"]}, "invalid_client_metadata"),
        ({"grant_types": ["implicit"]}, "invalid_client_metadata"),
        ({"grant_types": [], "response_types": []}, "invalid_client_metadata"),
        ({"response_types": ["token"]}, "invalid_client_metadata"),
        ({"grant_types": ["client_credentials"], "response_types": ["code"]}, "invalid_client_metadata"),
        (
            {
                "grant_types": ["client_credentials"],
                "response_types": [],
                "token_endpoint_auth_method": "none",
            },
            "invalid_client_metadata",
        ),
        ({"token_endpoint_auth_method": "private_key_jwt"}, "invalid_client_metadata"),
        ({"token_endpoint_auth_method": "magic"}, "invalid_client_metadata"),
        ({"jwks": {"keys": [{"kty": "EC", "d": "x"}]}}, "invalid_client_metadata"),
        ({"jwks": {"keys": [{"kty": "oct", "k": "x"}]}}, "invalid_client_metadata"),
        ({"jwks": {"keys": []}}, "invalid_client_metadata"),
        ({"jwks": []}, "invalid_client_metadata"),
        (
            {"jwks": {"keys": [{"kty": "EC"}]}, "jwks_uri": "https://a.example/jwks"},
            "invalid_client_metadata",
        ),
        ({"jwks_uri": "http://a.example/jwks"}, "invalid_client_metadata"),
        ({"id_token_signed_response_alg": "none"}, "invalid_client_metadata"),
        ({"id_token_signed_response_alg": "HS256"}, "invalid_client_metadata"),
        ({"userinfo_signed_response_alg": "ES999"}, "invalid_client_metadata"),
        ({"token_endpoint_auth_signing_alg": "none"}, "invalid_client_metadata"),
        ({"id_token_encrypted_response_enc": "A256GCM"}, "invalid_client_metadata"),
        ({"id_token_encrypted_response_alg": "RSA-OAEP-256"}, "invalid_client_metadata"),
        ({"subject_type": "public"}, "invalid_client_metadata"),
        ({"logo_uri": f"{ACME};script-src"}, "invalid_client_metadata"),
        ({"logo_uri": "https://*.example/logo.png"}, "invalid_client_metadata"),
        ({"scope": "openid launch_missiles"}, "invalid_client_metadata"),
        ({"default_max_age": -1}, "invalid_client_metadata"),
        ({"default_max_age": True}, "invalid_client_metadata"),
        ({"require_pushed_authorization_requests": "yes"}, "invalid_client_metadata"),
        ({"client_name": "x" * 201}, "invalid_client_metadata"),
        ({"backchannel_logout_uri": "https://a.example/#x"}, "invalid_client_metadata"),
        ({"logo_uri": "data:image/png;base64,"}, "invalid_client_metadata"),
        ({"software_statement": "no.jwt"}, "invalid_software_statement"),
    ],
)
def test_metadata_that_is_refused(provider: Provider, changes: dict[str, Any], error: str) -> None:
    """RFC 7591, section 3.2.2, with the code of the rule."""
    answer = _register(provider, **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, error), answer.text


@pytest.mark.parametrize("body", ["", "[]", "{", '"x"', "[" * 5000])
def test_a_body_that_is_no_object(provider: Provider, body: str) -> None:
    answer = provider.browser().http.post(
        "/register",
        content=body,
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {_token(provider)}"},
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


def test_read_replace_and_delete(provider: Provider, browser: Browser) -> None:
    """RFC 7592, section 2: the token is rotated by PUT, what is left out is gone, DELETE ends everything."""
    made = _register(provider, client_name="Cũ", contacts=["a@b.vn"]).json()
    auth = (made["client_id"], made["client_secret"])
    shown = _manage(provider, made)
    assert shown.status_code == 200
    assert shown.json()["contacts"] == ["a@b.vn"]
    assert shown.json()["registration_access_token"] == made["registration_access_token"]
    body = {"client_id": auth[0], "client_secret": auth[1], "redirect_uris": [REDIRECT], "client_name": "Mới"}
    changed = _manage(provider, made, "PUT", json=body)
    assert changed.status_code == 200, changed.text
    assert changed.json()["client_name"] == "Mới"
    assert "contacts" not in changed.json()
    assert changed.json()["registration_access_token"] != made["registration_access_token"]
    assert _manage(provider, made).status_code == 401  # the old token
    tokens = browser.exchange(browser.code(client_id=auth[0]), auth=auth).json()  # the secret still works
    kept = made | changed.json()
    assert _manage(provider, kept, "DELETE").status_code == 204
    assert _manage(provider, kept).status_code == 401
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert browser.http.get("/userinfo", headers=bearer).status_code == 401
    assert browser.authorize(client_id=auth[0]).status_code == 400


def test_a_change_that_is_refused_changes_nothing(provider: Provider) -> None:
    """RFC 7592, section 2.2."""
    made = _register(provider).json()
    body = {"client_id": made["client_id"], "redirect_uris": [REDIRECT]}
    for bad in (
        {"client_id": "another"},
        {"client_secret": "chosen by me"},
        {"registration_access_token": "x"},
        {"client_id_issued_at": 1},
        {"redirect_uris": ["https://a.example/#x"]},
    ):
        assert _manage(provider, made, "PUT", json=body | bad).status_code == 400, bad
    assert _manage(provider, made).json()["redirect_uris"] == [REDIRECT]
    other = _register(provider).json()
    stolen = other | {"registration_client_uri": made["registration_client_uri"]}
    assert _manage(provider, stolen).status_code == 401


def test_another_method_brings_another_secret(provider: Provider) -> None:
    made = _register(provider, token_endpoint_auth_method="none").json()
    assert "client_secret" not in made
    body = {"client_id": made["client_id"], "redirect_uris": [REDIRECT]}
    assert _manage(provider, made, "PUT", json=body).json()["client_secret"]


def test_the_sector_is_fetched_and_must_list_every_address(provider: Provider, receiver: Receiver) -> None:
    """OpenID Connect Registration 1.0, section 5."""
    second = "https://b.example/cb"
    receiver.documents = {"/good": json.dumps([REDIRECT, second]), "/bad": json.dumps([REDIRECT]), "/no": "{"}
    both = {"redirect_uris": [REDIRECT, second]}
    made = _register(provider, sector_identifier_uri=receiver.url("/good", "127.0.0.1"), **both)
    assert made.status_code == 201, made.text
    for path in ("/bad", "/no", "/missing"):
        refused = _register(provider, sector_identifier_uri=receiver.url(path, "127.0.0.1"), **both)
        assert refused.json()["error"] == "invalid_client_metadata"


def test_one_sector_is_one_subject(provider: Provider, receiver: Receiver) -> None:
    """Core, section 8.1: the sector's host decides, not the client."""
    receiver.documents = {"/sector": json.dumps([REDIRECT])}
    uri = receiver.url("/sector", "sector.localhost")
    subjects = []
    for sector in (uri, uri, None):
        made = _register(provider, **({"sector_identifier_uri": sector} if sector else {})).json()
        auth, browser = (made["client_id"], made["client_secret"]), provider.browser()
        token = browser.exchange(browser.code(client_id=auth[0]), auth=auth).json()["id_token"]
        subjects.append(jwt.decode(token, options={"verify_signature": False})["sub"])
    assert subjects[0] == subjects[1] != subjects[2]


def test_a_software_statement_goes_before_the_document(provider: Provider, receiver: Receiver) -> None:
    """RFC 7591, section 2.3; section 3.2.2 for its errors."""
    key = ec.generate_private_key(ec.SECP256R1())
    receiver.documents = {"/jwks": json.dumps({"keys": [_jwk(key)]})}
    settings = Settings(
        data=provider.app.state.settings.data,
        issuer=ISSUER,
        open_registration=True,
        software_statement_issuers={ACME: receiver.url("/jwks")},
    )
    http = TestClient(create_app(settings), base_url=ISSUER)

    def send(claims: dict[str, Any], signer: Any = key, alg: str = "ES256") -> httpx.Response:
        statement = jwt.encode(claims, signer, algorithm=alg, headers={"kid": "k1"})
        body = {"redirect_uris": [REDIRECT], "client_name": "Mine", "software_statement": statement}
        return http.post("/register", json=body)

    good = {"iss": ACME, "client_name": "Theirs", "software_id": "soft-1"}
    made = send(good).json()
    assert (made["client_name"], made["software_id"]) == ("Theirs", "soft-1")
    management = {"Authorization": f"Bearer {made['registration_access_token']}"}
    body = {"client_id": made["client_id"], "redirect_uris": [REDIRECT], "client_name": "Mine again"}
    kept = http.put(f"/register/{made['client_id']}", json=body, headers=management).json()
    assert (kept["client_name"], kept["software_statement"]) == ("Theirs", made["software_statement"])
    assert send(good | {"iss": "https://else.example"}).json()["error"] == "unapproved_software_statement"
    forged = ec.generate_private_key(ec.SECP256R1())
    assert send(good, forged).json()["error"] == "invalid_software_statement"
    assert send(good | {"exp": 1}).json()["error"] == "invalid_software_statement"
    assert send(good, "k" * 32, "HS256").json()["error"] == "invalid_software_statement"


def test_a_token_limits_what_it_makes(provider: Provider) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    made = _register(provider, _token(provider, scope=["openid"])).json()
    assert made["scope"] == "openid"
    assert _register(provider, _token(provider, scope=["openid"]), scope="openid profile").status_code == 400
    assert _register(provider, _token(provider, profile="fapi2")).status_code == 400  # a secret will not do
    held = _register(
        provider,
        _token(provider, profile="fapi2"),
        token_endpoint_auth_method="private_key_jwt",
        jwks={"keys": [_jwk(key)]},
        id_token_signed_response_alg="ES256",
    ).json()
    assert held["require_pushed_authorization_requests"] is True
    assert held["dpop_bound_access_tokens"] is True


def test_a_change_goes_no_further_than_the_token_that_made_the_client(provider: Provider) -> None:
    """RFC 7592, section 2.2: a client replaces its metadata, not what the admin allowed it."""
    made = _register(provider, _token(provider, scope=["openid", "profile"]), scope="openid").json()
    document = {"client_id": made["client_id"], "redirect_uris": [REDIRECT]}
    wider = _manage(provider, made, "PUT", json=document | {"scope": "openid profile address"})
    assert (wider.status_code, wider.json()["error"]) == (400, "invalid_client_metadata")
    kept = _manage(provider, made, "PUT", json=document)
    assert kept.json()["scope"] == "openid profile"
    again = _manage(provider, kept.json(), "PUT", json=document | {"scope": "openid address"})
    assert again.status_code == 400


def test_the_commands(provider: Provider) -> None:
    data = str(provider.app.state.settings.data)

    def run(*arguments: str) -> dict[str, Any]:
        command = [*arguments, "--data", data, "--json", "--issuer", ISSUER]
        answer: dict[str, Any] = json.loads(provider.commands().invoke(main, ["client", *command]).output)
        return answer

    token = run("token", "--uses", "2")["initial_access_token"]
    assert [_register(provider, token).status_code for _ in range(3)] == [201, 201, 401]
    create = ("create", "--name", "A", "--redirect-uri", REDIRECT)
    refused = provider.commands().invoke(main, ["client", *create, "--profile", "fapi2", "--data", data])
    assert refused.exit_code == 2
    assert "fapi2 needs private_key_jwt or mutual TLS" in refused.output
    public = run(*create, "--subject-type", "public")
    with provider.services.store.read() as tx:
        client, account = tx.clients.get(public["client_id"]), tx.accounts.by_number(provider.number)
    assert client and account and client.subject_type == "public"
    browser, auth = provider.browser(), (public["client_id"], public["client_secret"])
    id_token = browser.exchange(browser.code(client_id=auth[0]), auth=auth).json()["id_token"]
    assert jwt.decode(id_token, options={"verify_signature": False})["sub"] == account.account_id


def test_the_metadata_say_so(browser: Browser) -> None:
    metadata = browser.http.get("/.well-known/openid-configuration").json()
    assert metadata["registration_endpoint"] == f"{ISSUER}/register"
