"""What an app may ask for backchannel, and who may ask (CIBA Core 1.0, sections 4 and 7)."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from idp.domain.claims import pairwise_subject
from idp.domain.errors import IdpError
from idp.domain.grant_types import CIBA
from idp.domain.models import Client
from tests.flows.ciba import HEADER, Asking, asking, claims_of, decide, error, forget, tokens, waiting
from tests.flows.conftest import ISSUER, Browser, Provider
from tests.flows.keys import ProofKey
from tests.flows.test_mutual_tls import certificate

UNKNOWN = "019304999999"  # a well-formed number of nobody


@pytest.fixture(autouse=True)
def nothing_waits(provider: Provider) -> None:
    """From an earlier test: they share the citizen."""
    forget(provider)


@pytest.fixture
def app(provider: Provider) -> Asking:
    return asking(provider)


@pytest.mark.parametrize("message", ["x" * 101, "a\nb", "a\u202eb", "a\u200bb", "👍", "   ", "a\u0301\u0301"])
def test_binding_messages_that_some_device_cannot_show(app: Asking, message: str) -> None:
    """Section 13, invalid_binding_message."""
    assert error(app.ask(binding_message=message)) == "invalid_binding_message"


@pytest.mark.parametrize("message", ["W4SCT", "Chuyển 50.000₫ → hồ sơ H12-000123", "Xác nhận"])
def test_binding_messages(app: Asking, browser: Browser, message: str) -> None:
    app.started(binding_message=message)
    assert "binding-message" in waiting(browser).text
    decide(browser, "deny")


def test_scope_resource_and_details(app: Asking) -> None:
    assert error(app.ask(scope=None)) == "invalid_scope"
    assert error(app.ask(scope="profile")) == "invalid_scope"
    assert error(app.ask(resource="https://x.example/")) == "invalid_target"
    assert error(app.ask(authorization_details="[]")) == "invalid_authorization_details"
    assert error(app.ask(claims="[]")) == "invalid_request"


def test_a_token_for_a_resource(provider: Provider, browser: Browser) -> None:
    """RFC 8707, and the claims parameter."""
    app = asking(provider, resources=("https://api.example/",))
    wanted = '{"id_token": {"birthdate": null}}'
    body = tokens(app, browser, resource="https://api.example/", claims=wanted)
    assert claims_of(body["access_token"])["aud"] == ["https://api.example/", ISSUER]
    assert date.fromisoformat(claims_of(body["id_token"])["birthdate"])


def test_acr_values(app: Asking, browser: Browser) -> None:
    body = tokens(app, browser, acr_values="vn-ekyc-1 vn-ekyc-3")
    assert claims_of(body["id_token"])["acr"] == "vn-ekyc-1"


def test_a_level_out_of_reach(app: Asking, browser: Browser) -> None:
    """Section 12's transaction_failed: the citizen was asked, and cannot give it."""
    wanted = '{"id_token": {"acr": {"essential": true, "value": "vn-ekyc-3"}}}'
    started = app.started(claims=wanted)
    assert 'id="failed"' in browser.http.get(decide(browser)).text
    assert error(app.poll(started["auth_req_id"])) == "transaction_failed"


def test_refresh_and_bound_tokens(app: Asking, browser: Browser) -> None:
    key = ProofKey()
    started = app.started(scope="openid offline_access")
    decide(browser)
    body = app.poll(started["auth_req_id"], key.headers()).json()
    assert body["token_type"] == "DPoP"
    again = app.post("/token", key.headers(), grant_type="refresh_token", refresh_token=body["refresh_token"])
    assert claims_of(again.json()["id_token"])["sub"] == claims_of(body["id_token"])["sub"]


# who may ask (section 7.1, client authentication)


def test_who_may_ask(provider: Provider, app: Asking) -> None:
    client_id, secret = provider.add_client()
    assert secret
    assert error(Asking(provider, client_id, (client_id, secret)).ask()) == "unauthorized_client"
    assert error(replace(app, auth=(app.client_id, "wrong")).ask(), 401) == "invalid_client"
    assert error(replace(app, auth=None).ask(), 401) == "invalid_client"
    form = [("scope", "openid"), ("scope", "openid")]
    answer = provider.browser().http.post("/bc-authorize", data=dict(form), auth=app.auth, params={"x": "y"})
    assert error(answer) == "invalid_request"


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_jwt"])
def test_other_secrets(provider: Provider, method: str) -> None:
    app = asking(provider, auth_method=method)
    assert app.auth
    client_id, secret = app.auth
    if method == "client_secret_post":
        answer = replace(app, auth=None).ask(client_secret=secret)
    else:
        now = int(time.time())
        claims = {"iss": client_id, "sub": client_id, "jti": "a", "exp": now + 60}
        made = jwt.encode(claims | {"aud": f"{ISSUER}/bc-authorize"}, secret, algorithm="HS256")
        answer = replace(app, auth=None).ask(client_assertion=made)
    assert answer.status_code == 200, answer.text


@pytest.fixture
def proxied(provider: Provider) -> Iterator[Provider]:
    before = provider.app.state.services
    provider.app.state.services = provider.services = replace(before, client_cert_header=HEADER)
    yield provider
    provider.app.state.services = provider.services = before


def test_mutual_tls(proxied: Provider, browser: Browser) -> None:
    """RFC 8705, and tokens bound to the certificate."""
    one, other = (quote(certificate("app").public_bytes(Encoding.PEM).decode()) for _ in range(2))
    app = asking(
        proxied,
        auth_method="tls_client_auth",
        tls_client_auth_subject_dn="CN=app",
        tls_client_certificate_bound_access_tokens=True,
    )
    assert error(app.ask(), 401) == "invalid_client"
    started = replace(app, certificate=one).started()
    decide(browser)
    body = replace(app, certificate=other).poll(started["auth_req_id"]).json()
    assert "x5t#S256" in claims_of(body["access_token"])["cnf"]


def test_self_signed_certificates(proxied: Provider) -> None:
    cert = certificate("self")
    x5c = [b64encode(cert.public_bytes(Encoding.DER)).decode()]
    app = asking(
        proxied,
        auth_method="self_signed_tls_client_auth",
        jwks={"keys": [ProofKey().jwk | {"x5c": x5c}]},
    )
    assert replace(app, certificate=quote(cert.public_bytes(Encoding.PEM).decode())).ask().status_code == 200


# signed requests (section 7.1.1)


@pytest.fixture
def signing(provider: Provider) -> Asking:
    key = ProofKey()
    app = asking(
        provider,
        auth_method="private_key_jwt",
        jwks={"keys": [key.jwk]},
        backchannel_authentication_request_signing_alg="ES256",
    )
    return replace(app, key=key)


def test_a_signed_request(signing: Asking, browser: Browser) -> None:
    request = signing.signed(binding_message="Ký rồi", requested_expiry=60)
    answer = signing.post("/bc-authorize", request=request)
    assert answer.json()["expires_in"] == 60, answer.text
    assert "Ký rồi" in waiting(browser).text
    decide(browser)
    assert signing.poll(answer.json()["auth_req_id"]).status_code == 200


def test_a_signed_request_is_good_once(signing: Asking) -> None:
    request = signing.signed()
    assert signing.post("/bc-authorize", request=request).status_code == 200
    assert error(signing.post("/bc-authorize", request=request)) == "invalid_request"


def test_a_token_of_another_use_is_no_request(signing: Asking) -> None:
    """RFC 9101, section 10.8."""
    assert signing.key
    claims = jwt.decode(signing.signed(), options={"verify_signature": False})
    proof = jwt.encode(claims, signing.key.private, algorithm="ES256", headers={"typ": "dpop+jwt"})
    assert error(signing.post("/bc-authorize", request=proof)) == "invalid_request"


def test_the_type_of_a_signed_request_is_a_media_type(signing: Asking) -> None:
    """RFC 7515, section 4.1.9."""
    claims = jwt.decode(signing.signed(), options={"verify_signature": False})
    assert signing.key
    header = {"typ": "application/OAutH-auThZ-REQ+jWT"}
    token = jwt.encode(claims, signing.key.private, algorithm="ES256", headers=header)
    assert signing.post("/bc-authorize", request=token).status_code == 200


def test_parameters_stand_inside_the_signed_request_only(signing: Asking) -> None:
    assert error(signing.post("/bc-authorize", request=signing.signed(), acr_values="x")) == "invalid_request"
    assert error(signing.ask()) == "invalid_request"  # whoever registered an algorithm signs


def test_who_signs_though_not_registered_is_checked_all_the_same(provider: Provider) -> None:
    key = ProofKey()
    app = replace(asking(provider, auth_method="private_key_jwt", jwks={"keys": [key.jwk]}), key=key)
    assert app.post("/bc-authorize", request=app.signed()).status_code == 200
    assert error(app.post("/bc-authorize", request=app.signed(ProofKey()))) == "invalid_request"


# registration (section 4)


@pytest.mark.parametrize(
    "wrong",
    [
        {"backchannel_token_delivery_mode": None},
        {"backchannel_token_delivery_mode": "push"},
        {"backchannel_token_delivery_mode": "ping"},
        {"auth_method": "none"},
        {"backchannel_authentication_request_signing_alg": "none"},
        {"backchannel_authentication_request_signing_alg": "ES256"},
        {
            "backchannel_token_delivery_mode": "ping",
            "backchannel_client_notification_endpoint": "http://app.example/ping",
        },
    ],
)
def test_metadata_that_is_refused(provider: Provider, wrong: dict[str, Any]) -> None:
    with pytest.raises(IdpError, match="invalid_client_metadata"):
        asking(provider, **wrong)


def test_a_sector_of_its_keys(provider: Provider) -> None:
    """Section 4: without redirect URIs, the host of jwks_uri tells pairwise subjects apart."""
    first, second = (
        Client(name, "", (), "private_key_jwt", grant_types=(CIBA,), jwks_uri="https://a.example/jwks")
        for name in ("one", "two")
    )
    secret = replace(second, auth_method="client_secret_basic")  # proves nothing about that host
    subjects = [pairwise_subject(b"salt", client, "account") for client in (first, second, secret)]
    assert subjects[0] == subjects[1] != subjects[2]
