"""Any mixture of parameters at the backchannel authentication endpoint is answered, never with a fault."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jwt.algorithms import get_default_algorithms

from idp.usecases.client_assertion import ASSERTION_TYPE
from tests.flows.ciba import Asking, asking
from tests.flows.conftest import ISSUER, Provider
from tests.flows.keys import ProofKey

KEY = ProofKey()
TEXT = st.text(max_size=40) | st.sampled_from(["a.b.c", "openid", "019304000127", "30", "{}", "[]", "null"])
NAMES = (
    "scope", "login_hint", "id_token_hint", "login_hint_token", "binding_message", "user_code", "acr_values",
    "requested_expiry", "client_notification_token", "resource", "claims", "authorization_details", "request",
    "request_uri", "client_id", "client_secret", "client_assertion", "max_age",
)  # fmt: skip
CLAIMS = (*NAMES, "iss", "aud", "exp", "nbf", "iat", "jti")
PARAMS = st.lists(
    st.tuples(st.sampled_from(NAMES), TEXT)
    | st.tuples(st.just("scope"), st.just("openid"))
    | st.tuples(st.just("client_assertion_type"), st.just(ASSERTION_TYPE)),
    max_size=10,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def app(provider: Provider) -> Asking:
    made = asking(
        provider,
        auth_method="private_key_jwt",
        jwks={"keys": [KEY.jwk]},
        backchannel_token_delivery_mode="ping",
        backchannel_client_notification_endpoint="https://app.example/ping",
        resources=("https://x.example/",),
    )
    made.key = KEY
    return made


def check(answer: Any) -> None:
    assert answer.status_code in (200, 400, 401, 413, 429), answer.text
    assert answer.headers["cache-control"] == "no-store"
    if answer.status_code >= 400:
        assert answer.json()["error"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=PARAMS, own=st.booleans())
def test_parameters(app: Asking, sent: list[tuple[str, str]], own: bool) -> None:
    if own:
        sent = [
            *sent,
            ("client_assertion", KEY.assertion(app.client_id)),
            ("client_assertion_type", ASSERTION_TYPE),
        ]
    form: dict[str, list[str]] = {}
    for name, value in sent:
        form.setdefault(name, []).append(value)
    check(app.provider.browser().http.post("/bc-authorize", data=form))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    claims=st.dictionaries(
        st.sampled_from((*NAMES, "iss", "aud", "exp", "nbf", "iat", "jti")), JSON, max_size=8
    )
)
def test_signed_requests(app: Asking, claims: dict[str, Any]) -> None:
    token = raw(app, claims)
    check(app.post("/bc-authorize", request=token))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sub_id=JSON)
def test_hint_tokens(app: Asking, sub_id: Any) -> None:
    token = raw(app, {"sub_id": sub_id})
    check(app.ask(login_hint=None, login_hint_token=token, client_notification_token="t" * 30))


def raw(app: Asking, claims: dict[str, Any]) -> str:
    """A good signed request with whatever claims instead, even such as no JSON library would write."""
    whole = jwt.decode(app.signed(), options={"verify_signature": False}) | {"aud": ISSUER} | claims
    parts = [{"alg": "ES256"}, whole]
    encoded = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    signing = b".".join(encoded)
    signature = get_default_algorithms()["ES256"].sign(signing, KEY.private)
    return (signing + b"." + urlsafe_b64encode(signature).rstrip(b"=")).decode()
