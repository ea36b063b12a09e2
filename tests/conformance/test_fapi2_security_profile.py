"""Plan fapi2-security-profile-final-test-plan, re-implemented: plain FAPI, OpenID Connect, four variants.

Every name begins with fapi2-security-profile-final- in the plan. Not here: modules of other countries'
ecosystems.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import jwt
import pytest

from tests.conformance.fapi2 import PRIVATE_KEY_JWT_DPOP, RSA, VARIANTS, Fapi, refused
from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider, query_of
from tests.flows.keys import ProofKey
from tests.flows.test_mutual_tls import proxied

__all__ = ["proxied"]
pytestmark = pytest.mark.usefixtures("proxied")


@pytest.fixture(params=VARIANTS, ids=str)
def fapi(request: pytest.FixtureRequest, proxied: Provider, browser: Browser) -> Fapi:
    """A client of each variant."""
    return Fapi(proxied, browser, request.param)


@pytest.fixture
def dpop(proxied: Provider, browser: Browser) -> Fapi:
    """For modules of private_key_jwt or of DPoP only."""
    return Fapi(proxied, browser, PRIVATE_KEY_JWT_DPOP)


@contextmanager
def later(provider: Provider, seconds: int) -> Iterator[None]:
    """The provider's clock, set forward."""
    services = provider.app.state.services
    provider.app.state.services = replace(services, clock=lambda: services.clock() + seconds)
    try:
        yield
    finally:
        provider.app.state.services = services


def test_discovery_end_point_verification(fapi: Fapi) -> None:
    document = fapi.http.get("/.well-known/openid-configuration").json()
    assert document["issuer"] == ISSUER
    assert document["pushed_authorization_request_endpoint"]
    assert document["authorization_response_iss_parameter_supported"] is True
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["tls_client_certificate_bound_access_tokens"] is True
    assert {"private_key_jwt", "tls_client_auth"} <= set(document["token_endpoint_auth_methods_supported"])
    assert set(document["dpop_signing_alg_values_supported"]) == {"PS256", "ES256", "EdDSA"}
    for kind in ("id_token_signing", "token_endpoint_auth_signing", "request_object_signing"):
        assert {"PS256", "ES256"} <= set(document[f"{kind}_alg_values_supported"])
    assert "openid" in document["scopes_supported"]
    assert document["response_types_supported"] == ["code"]


def test_happy_flow(proxied: Provider, fapi: Fapi, browser: Browser) -> None:
    """Two clients, the second with a query in its redirect URI."""
    tokens = fapi.tokens()
    identity = fapi.claims(tokens["id_token"])
    assert identity["nonce"] == "nonce-1"
    info = fapi.userinfo(tokens["access_token"])
    assert (info.status_code, info.json()["sub"]) == (200, identity["sub"])
    bound = jwt.decode(tokens["access_token"], options={"verify_signature": False})["cnf"]
    assert list(bound) == ["jkt" if fapi.variant.binding == "dpop" else "x5t#S256"]
    second_uri = REDIRECT + "?dummy1=lorem&dummy2=ipsum"
    second = Fapi(proxied, browser, fapi.variant, redirect_uris=(REDIRECT, second_uri))
    answer = second.finish(second.authorize(second.pushed(redirect_uri=second_uri)))
    assert answer["dummy2"] == "ipsum"
    assert second.exchange(answer["code"], redirect_uri=second_uri).status_code == 200


def test_user_rejects_authentication(fapi: Fapi) -> None:
    answer = fapi.finish(fapi.authorize(fapi.pushed()), decision="deny")
    assert (answer["error"], answer["state"]) == ("access_denied", "state-1")


def test_ensure_authorization_request_without_state_success(fapi: Fapi) -> None:
    answer = fapi.finish(fapi.authorize(fapi.pushed(state=None)))
    assert "state" not in answer
    identity = fapi.claims(fapi.exchange(answer["code"]).json()["id_token"])
    assert "s_hash" not in identity


def test_ensure_authorization_request_without_nonce_success(fapi: Fapi) -> None:
    assert "nonce" not in fapi.claims(fapi.tokens(nonce=None)["id_token"])


def test_ensure_authorization_request_with_64_char_nonce_success(fapi: Fapi) -> None:
    """Section 5.3.2.2."""
    nonce = secrets.token_hex(32)
    assert fapi.claims(fapi.tokens(nonce=nonce)["id_token"])["nonce"] == nonce


def test_ensure_other_scope_order_succeeds(fapi: Fapi) -> None:
    assert set(fapi.tokens(scope="profile openid")["scope"].split()) == {"openid", "profile"}


def test_test_claims_parameter_identity_claims(fapi: Fapi) -> None:
    wanted = {"id_token": {"birthdate": {"essential": True}}, "userinfo": {"address": None}}
    tokens = fapi.tokens(scope="openid", claims=json.dumps(wanted))
    assert fapi.claims(tokens["id_token"])["birthdate"]
    assert fapi.userinfo(tokens["access_token"]).json()["address"]


def test_access_token_type_header_case_sensitivity(fapi: Fapi) -> None:
    """RFC 9110, section 11.1."""
    token = fapi.tokens()["access_token"]
    scheme = "dPoP" if fapi.variant.binding == "dpop" else "bEaReR"
    assert fapi.userinfo(token, scheme=scheme).status_code == 200


def test_check_dpop_proof_nbf_exp(dpop: Fapi) -> None:
    """Both may be there; where they are violated the proof is refused (RFC 7519, section 4.1)."""
    now, code = int(time.time()), dpop.code()
    refused(dpop.exchange(code, dpop.proof(exp=now - 120)), "invalid_dpop_proof")
    refused(dpop.exchange(code, dpop.proof(nbf=now + 120)), "invalid_dpop_proof")
    refused(dpop.exchange(code, dpop.proof(exp="soon")), "invalid_dpop_proof")
    answer = dpop.exchange(code, dpop.proof(nbf=now, exp=now + 300))
    assert dpop.userinfo(answer.json()["access_token"], nbf=now, exp=now + 300).status_code == 200


def flow_with_clock(dpop: Fapi, ahead: int) -> None:
    def iat() -> int:
        return int(time.time()) + ahead

    code = dpop.code(headers=dpop.proof("/par", iat=iat()))
    answer = dpop.exchange(code, dpop.proof(iat=iat()))
    assert dpop.userinfo(answer.json()["access_token"], iat=iat()).status_code == 200


def test_ensure_dpopproof_with_iat_10seconds_before_succeeds(dpop: Fapi) -> None:
    flow_with_clock(dpop, -10)


def test_ensure_dpopproof_with_iat_10seconds_after_succeeds(dpop: Fapi) -> None:
    """Section 5.3.2.1; a minute is too much."""
    flow_with_clock(dpop, 10)
    refused(dpop.push(headers=dpop.proof("/par", iat=int(time.time()) + 62)), "invalid_dpop_proof")


def test_ensure_mismatched_dpop_jkt_fails(dpop: Fapi) -> None:
    """RFC 9449, section 10.1."""
    answer = dpop.push(headers=dpop.proof("/par"), dpop_jkt=ProofKey().jkt)
    refused(answer, "invalid_dpop_proof", "invalid_request")


def test_ensure_token_endpoint_fails_with_mismatched_dpop_proof_jkt(dpop: Fapi) -> None:
    code = dpop.code(headers=dpop.proof("/par"))
    refused(dpop.exchange(code, dpop.proof(key=ProofKey())), "invalid_grant", "invalid_dpop_proof")


def test_ensure_token_endpoint_fails_with_mismatched_dpop_jkt(dpop: Fapi) -> None:
    code = dpop.code(dpop_jkt=ProofKey().jkt)
    refused(dpop.exchange(code), "invalid_grant", "invalid_dpop_proof")


def test_ensure_dpopproof_at_par_endpoint_binding_success(dpop: Fapi) -> None:
    assert dpop.exchange(dpop.code(headers=dpop.proof("/par"))).status_code == 200


def test_ensure_dpop_auth_code_binding_success(dpop: Fapi) -> None:
    code = dpop.code(headers=dpop.proof("/par"), dpop_jkt=dpop.proofs.jkt)
    assert dpop.exchange(code).status_code == 200
    assert dpop.exchange(dpop.code(dpop_jkt=dpop.proofs.jkt)).status_code == 200


def test_ensure_different_nonce_inside_and_outside_request_object(fapi: Fapi) -> None:
    """What is outside does not count (RFC 9126, section 4)."""
    answer = fapi.finish(fapi.authorize(fapi.pushed(nonce="inside"), nonce="outside"))
    identity = fapi.claims(fapi.exchange(answer["code"]).json()["id_token"])
    assert identity["nonce"] == "inside"


def test_ensure_different_state_inside_and_outside_request_object(fapi: Fapi) -> None:
    answer = fapi.finish(fapi.authorize(fapi.pushed(state="inside"), state="outside"))
    assert answer["state"] == "inside"


def test_ensure_authorization_request_with_long_nonce(fapi: Fapi) -> None:
    nonce = secrets.token_hex(192)
    assert fapi.claims(fapi.tokens(nonce=nonce)["id_token"])["nonce"] == nonce


def test_ensure_authorization_request_with_long_state(fapi: Fapi) -> None:
    state = secrets.token_hex(512)
    assert fapi.finish(fapi.authorize(fapi.pushed(state=state)))["state"] == state


def test_state_only_outside_request_object_not_used(fapi: Fapi) -> None:
    answer = fapi.finish(fapi.authorize(fapi.pushed(state=None), state="outside"))
    assert "state" not in answer


def test_ensure_request_object_without_redirect_uri_fails(fapi: Fapi) -> None:
    refused(fapi.push(redirect_uri=None), "invalid_request")


def test_plain_fapi_tolerate_unregistered_redirect_uri(fapi: Fapi) -> None:
    """Not tolerated."""
    for uri in (REDIRECT + "/" + secrets.token_hex(8), "https://app.example/cb"):
        refused(fapi.push(redirect_uri=uri), "invalid_request")


def test_ensure_unsigned_authorization_request_without_using_par_fails(fapi: Fapi) -> None:
    """Section 5.3.2.2."""
    answer = fapi.browser.authorize(**fapi.params())
    assert query_of(answer.headers["location"])["error"] == "invalid_request"


def test_ensure_redirect_uri_in_authorization_request(proxied: Provider, fapi: Fapi) -> None:
    """Section 5.3.2.2: required though only one is registered, and nowhere but in the pushed request."""
    refused(fapi.push(redirect_uri=None), "invalid_request")
    with proxied.services.store.read() as tx:
        client = tx.clients.get(fapi.client_id)
    assert client is not None
    assert client.redirect_uris == (REDIRECT,)


def test_ensure_response_type_code_idtoken_fails(fapi: Fapi) -> None:
    refused(fapi.push(response_type="code id_token"), "unsupported_response_type")


def test_ensure_response_type_token_fails(fapi: Fapi) -> None:
    refused(fapi.push(response_type="token"), "unsupported_response_type")


def test_ensure_client_id_in_token_endpoint(proxied: Provider, fapi: Fapi, browser: Browser) -> None:
    second = Fapi(proxied, browser, fapi.variant)
    refused(fapi.exchange(fapi.code(), client_id=second.client_id), "invalid_client")


def test_ensure_holder_of_key_required(fapi: Fapi) -> None:
    """Section 5.3.2.1: neither DPoP nor a certificate."""
    only_authenticated = fapi.tls if fapi.variant.binding == "dpop" else {}
    answer = fapi.exchange(fapi.code(), only_authenticated)
    refused(answer, "invalid_dpop_proof", "invalid_request", "invalid_client")


def test_ensure_authorization_code_is_bound_to_client(
    proxied: Provider, fapi: Fapi, browser: Browser
) -> None:
    refused(Fapi(proxied, browser, fapi.variant).exchange(fapi.code()), "invalid_grant")


def test_attempt_reuse_authorization_code_after_one_second(fapi: Fapi) -> None:
    """Section 5.3.2.2; what came from the code is revoked (RFC 6749, section 4.1.2)."""
    code = fapi.code()
    token = fapi.exchange(code).json()["access_token"]
    time.sleep(1.1)
    refused(fapi.exchange(code), "invalid_grant")
    assert fapi.userinfo(token).status_code == 401


def test_ensure_token_endpoint_fails_with_expired_auth_code(proxied: Provider, fapi: Fapi) -> None:
    """Section 5.3.2.1: 60 seconds at most, whatever the installation gives other clients."""
    services = proxied.app.state.services
    proxied.app.state.services = replace(services, lifetimes=replace(services.lifetimes, code=600))
    try:
        code = fapi.code()
        with later(proxied, 61):
            refused(fapi.exchange(code, fapi.proof(iat=int(time.time()) + 61)), "invalid_grant")
    finally:
        proxied.app.state.services = services


def test_ensure_signed_client_assertion_with_rs256_fails(dpop: Fapi) -> None:
    """Section 5.4.1. The key is the client's, and PS256 with it is accepted."""
    code = dpop.code()
    wrong = dpop.assertion(key=RSA, alg="RS256")
    refused(dpop.exchange(code, client_assertion=wrong), "invalid_client")
    right = dpop.assertion(key=RSA, alg="PS256")
    assert dpop.exchange(code, client_assertion=right).status_code == 200


def test_ensure_client_assertion_in_token_endpoint(dpop: Fapi) -> None:
    gone = {"client_assertion": None, "client_assertion_type": None}
    refused(dpop.exchange(dpop.code(), client_id=dpop.client_id, **gone), "invalid_client")


def test_ensure_client_assertion_with_exp_is_5_minutes_in_past_fails(dpop: Fapi) -> None:
    late = dpop.assertion(exp=int(time.time()) - 300)
    refused(dpop.exchange(dpop.code(), client_assertion=late), "invalid_client")


def test_ensure_client_assertion_with_wrong_aud_fails(dpop: Fapi) -> None:
    foreign = dpop.assertion(aud="https://server.example/")
    refused(dpop.exchange(dpop.code(), client_assertion=foreign), "invalid_client")


def test_ensure_client_assertion_with_no_sub_fails(dpop: Fapi) -> None:
    refused(dpop.exchange(dpop.code(), client_assertion=dpop.assertion(sub=None)), "invalid_client")


def test_dpop_negative_tests(dpop: Fapi) -> None:
    """At a protected resource: RFC 9449, sections 4.3 and 7.1."""
    token = dpop.tokens()["access_token"]
    now = int(time.time())
    head = {"typ": "dpop+jwt", "jwk": dpop.proofs.jwk}
    claims = jwt.decode(
        dpop.proofs.proof("/userinfo", method="GET", token=token), options={"verify_signature": False}
    )

    def signed(header: dict[str, Any], **changes: Any) -> str:
        body = {k: v for k, v in (claims | {"jti": secrets.token_hex(8)} | changes).items() if v is not None}
        header = {name: value for name, value in (head | header).items() if value is not None}
        return jwt.encode(body, dpop.proofs.private, algorithm="ES256", headers=header)

    def ask(proofs: list[str], scheme: str = "DPoP") -> int:
        sent = [("Authorization", f"{scheme} {token}"), *(("DPoP", proof) for proof in proofs)]
        return dpop.http.get("/userinfo", headers=sent).status_code

    wrong_key = ProofKey().proof("/userinfo", method="GET", token=token)
    private = dpop.proofs.jwk | {"d": "AAAA"}
    unsigned = jwt.encode(claims, None, algorithm="none", headers=head)
    for proofs in (
        [],
        [signed({}), signed({})],
        ["a.b"],
        [signed({}) + "x"],
        [signed({"typ": None})],
        [signed({"typ": "JWT"})],
        [signed({"jwk": None})],
        [signed({"jwk": private})],
        [unsigned],
        [wrong_key],
        *([signed({}, **{name: None})] for name in ("jti", "htm", "htu", "iat", "ath")),
        [signed({}, htm="PUT")],
        [signed({}, htu=ISSUER + "/other")],
        [signed({}, iat=now + 3600)],
        [signed({}, iat=now - 3600)],
        [signed({}, ath="AAAA")],
    ):
        assert ask(proofs) in (400, 401), proofs
    assert ask([], "Bearer") == 401
    assert ask([signed({}, htu=ISSUER + "/userinfo?a=b#c")]) == 200
    assert ask([signed({}, htu=ISSUER.upper().replace("HTTP", "http") + ":80/userinfo")]) == 200
    assert ask([signed({"extra": 1}, extra=1)]) == 200
    once = signed({})
    assert [ask([once]), ask([once])] == [200, 401]
    assert ask([signed({})]) == 200


def test_refresh_token(proxied: Provider, fapi: Fapi, browser: Browser) -> None:
    """Section 5.3.2.1: bound to the client and to proof of possession, and not rotated."""
    tokens = fapi.tokens(scope="openid offline_access", prompt="consent")
    first, token = fapi.claims(tokens["id_token"]), tokens["refresh_token"]
    for _ in range(2):
        renewed = fapi.refresh(token)
        assert renewed.status_code == 200, renewed.text
        assert renewed.json().get("refresh_token", token) == token
    body = renewed.json()
    again = fapi.claims(body["id_token"])
    assert (again["sub"], again["auth_time"], "nonce" in again) == (first["sub"], first["auth_time"], False)
    assert fapi.userinfo(body["access_token"]).status_code == 200
    refused(Fapi(proxied, browser, fapi.variant).refresh(token), "invalid_grant")
    gone = {"client_assertion": None, "client_assertion_type": None, "client_id": fapi.client_id}
    if fapi.variant.auth == "private_key_jwt":
        refused(fapi.refresh(token, **gone), "invalid_client")
    without = fapi.tls if fapi.variant.binding == "dpop" else {}
    refused(fapi.refresh(token, without), "invalid_dpop_proof", "invalid_request", "invalid_client")
    assert fapi.refresh(token).status_code == 200


def test_par_ensure_reused_request_uri_prior_to_auth_completion_succeeds(fapi: Fapi) -> None:
    uri = fapi.pushed()
    assert fapi.authorize(uri).status_code == 303
    assert fapi.finish(fapi.authorize(uri))["code"]


def test_par_attempt_reuse_request_uri(fapi: Fapi) -> None:
    """RFC 9126, section 7.3."""
    uri = fapi.pushed()
    assert fapi.finish(fapi.authorize(uri))["code"]
    again = fapi.authorize(uri)
    assert (again.status_code, 'data-code="invalid_request_uri"' in again.text) == (400, True)


def test_par_attempt_to_use_expired_request_uri(proxied: Provider, fapi: Fapi) -> None:
    """Section 5.3.2.2: less than 600 seconds, whatever is configured."""
    services = proxied.app.state.services
    proxied.app.state.services = replace(
        services, lifetimes=replace(services.lifetimes, pushed_request=86400)
    )
    try:
        pushed = fapi.push().json()
        assert 5 < pushed["expires_in"] < 600
        with later(proxied, pushed["expires_in"]):
            late = fapi.authorize(pushed["request_uri"])
        assert (late.status_code, 'data-code="invalid_request_uri"' in late.text) == (400, True)
    finally:
        proxied.app.state.services = services


def pushed_with(dpop: Fapi, **claims: Any) -> Any:
    form = dpop.params() | {"client_assertion": dpop.assertion(**claims)}
    return dpop.http.post("/par", data=dpop.credentials() | form)


def test_par_ensure_jwt_client_assertions_nbf_8_seconds_in_the_future_is_accepted(dpop: Fapi) -> None:
    """Section 5.3.2.1."""
    for ahead in (8, 10):
        soon = int(time.time()) + ahead
        assert pushed_with(dpop, nbf=soon, iat=soon).status_code == 201


def test_par_ensure_jwt_client_assertions_nbf_over_60_seconds_in_the_future_fails(dpop: Fapi) -> None:
    future = int(time.time()) + 62
    refused(pushed_with(dpop, nbf=future, iat=future, exp=future + 60), "invalid_client")
    refused(pushed_with(dpop, nbf=None, iat=future, exp=future + 60), "invalid_client")


def test_par_attempt_to_use_request_uri_for_different_client(
    proxied: Provider, fapi: Fapi, browser: Browser
) -> None:
    second = Fapi(proxied, browser, fapi.variant)
    answer = second.authorize(fapi.pushed())
    assert (answer.status_code, "location" in answer.headers) == (400, False)


def test_par_authorization_request_containing_request_uri_form_param(fapi: Fapi) -> None:
    """RFC 9126, section 2.1."""
    form = fapi.params() | {"request_uri": "urn:ietf:params:oauth:request_uri:" + secrets.token_hex(8)}
    refused(fapi.push(form=form), "invalid_request")


def test_par_attempt_invalid_http_method(fapi: Fapi) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = fapi.http.request(method, "/par", headers=fapi.tls, params=fapi.params())
        assert answer.status_code == 405


def test_par_ensure_pkce_required(fapi: Fapi) -> None:
    """Section 5.3.2.2."""
    refused(fapi.push(code_challenge=None, code_challenge_method=None), "invalid_request")


def test_ensure_pkce_code_verifier_required(fapi: Fapi) -> None:
    refused(fapi.exchange(fapi.code(), code_verifier=None), "invalid_grant")


def test_incorrect_pkce_code_verifier_rejected(fapi: Fapi) -> None:
    refused(fapi.exchange(fapi.code(), code_verifier=secrets.token_urlsafe(48)), "invalid_grant")


def test_par_plain_pkce_rejected(fapi: Fapi) -> None:
    plain = secrets.token_urlsafe(32)
    refused(fapi.push(code_challenge=plain, code_challenge_method="plain"), "invalid_request")


def test_par_without_duplicate_parameters(fapi: Fapi) -> None:
    """RFC 9101, section 5: nothing but client_id and request_uri at the authorization endpoint."""
    assert fapi.finish(fapi.authorize(fapi.pushed()))["code"]


def test_par_test_array_as_audience_fails(dpop: Fapi) -> None:
    """Section 5.3.2.1: the issuer, as a string."""
    refused(pushed_with(dpop, aud=[ISSUER, "https://other.example"]), "invalid_client")
    refused(pushed_with(dpop, aud=[ISSUER]), "invalid_client")


def test_par_test_par_endpoint_url_as_audience_fails(dpop: Fapi) -> None:
    refused(pushed_with(dpop, aud=ISSUER + "/par"), "invalid_client")


def test_par_test_token_endpoint_url_as_audience_fails(dpop: Fapi) -> None:
    refused(pushed_with(dpop, aud=ISSUER + "/token"), "invalid_client")
