"""Plan fapi2-message-signing-final-test-plan, re-implemented: the modules beyond the Security Profile.

Every name begins with fapi2-security-profile-final- in the plan. Not here: modules of another country's
ecosystem. Below them, what the plan's variants check in every module: JARM and signed introspection.
"""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest

from idp.domain.errors import IdpError
from tests.conformance.fapi2 import RSA, VARIANTS, SigningFapi, refused
from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider, query_of
from tests.flows.keys import ProofKey
from tests.flows.test_mutual_tls import proxied

__all__ = ["proxied"]


@pytest.fixture(params=VARIANTS, ids=str)
def fapi(request: pytest.FixtureRequest, proxied: Provider, browser: Browser) -> SigningFapi:
    """A client of each variant."""
    return SigningFapi(proxied, browser, request.param)


def pushed_with(fapi: SigningFapi, **claims: Any) -> Any:
    return fapi.push(form={"request": fapi.request_object(claims=claims)})


def test_ensure_request_object_with_multiple_aud_succeeds(fapi: SigningFapi) -> None:
    """Section 5.3.1."""
    assert pushed_with(fapi, aud=["https://other.example", ISSUER]).status_code == 201


def test_ensure_request_object_with_nbf_8_seconds_in_the_future_is_accepted(fapi: SigningFapi) -> None:
    soon = int(time.time()) + 8
    assert pushed_with(fapi, nbf=soon, exp=soon + 60).status_code == 201


def test_ensure_request_object_without_exp_fails(fapi: SigningFapi) -> None:
    refused(pushed_with(fapi, exp=None), "invalid_request_object")


def test_ensure_request_object_without_nbf_fails(fapi: SigningFapi) -> None:
    refused(pushed_with(fapi, nbf=None), "invalid_request_object")


def test_ensure_expired_request_object_fails(fapi: SigningFapi) -> None:
    now = int(time.time())
    refused(pushed_with(fapi, nbf=now - 600, exp=now - 300), "invalid_request_object")


def test_ensure_request_object_with_bad_aud_fails(fapi: SigningFapi) -> None:
    refused(pushed_with(fapi, aud="https://other.example"), "invalid_request_object")
    refused(pushed_with(fapi, aud=None), "invalid_request_object")


def test_ensure_request_object_with_exp_over_60_fails(fapi: SigningFapi) -> None:
    """More than 60 minutes after nbf."""
    now = int(time.time())
    refused(pushed_with(fapi, nbf=now, exp=now + 70 * 60), "invalid_request_object")
    assert pushed_with(fapi, nbf=now, exp=now + 60 * 60).status_code == 201


def test_ensure_request_object_with_nbf_over_60_fails(fapi: SigningFapi) -> None:
    """More than 60 minutes ago."""
    now = int(time.time())
    refused(pushed_with(fapi, nbf=now - 70 * 60, exp=now + 60), "invalid_request_object")


def test_ensure_signed_request_object_with_rs256_fails(fapi: SigningFapi) -> None:
    """Security Profile, section 5.4.1. The key is the client's, and PS256 with it is accepted."""
    wrong = fapi.request_object(key=RSA, alg="RS256")
    refused(fapi.push(form={"request": wrong}), "invalid_request_object")
    right = fapi.request_object(key=RSA, alg="PS256")
    assert fapi.push(form={"request": right}).status_code == 201


def test_ensure_request_object_signature_algorithm_is_not_none(proxied: Provider, fapi: SigningFapi) -> None:
    refused(fapi.push(form={"request": fapi.request_object(alg="none")}), "invalid_request_object")
    with pytest.raises(IdpError, match="invalid_client_metadata"):
        SigningFapi(proxied, fapi.browser, fapi.variant, request_object_signing_alg="none")


def test_ensure_request_object_with_invalid_signature_fails(fapi: SigningFapi) -> None:
    head, body, signature = fapi.request_object().split(".")
    broken = f"{head}.{body}.{signature[::-1]}"
    refused(fapi.push(form={"request": broken}), "invalid_request_object")


def test_ensure_matching_key_in_authorization_request(
    proxied: Provider, fapi: SigningFapi, browser: Browser
) -> None:
    second = SigningFapi(proxied, browser, fapi.variant)
    foreign = fapi.request_object(key=second.key.private)
    refused(fapi.push(form={"request": foreign}), "invalid_request_object")


def test_ensure_unsigned_request_at_par_endpoint_fails(fapi: SigningFapi) -> None:
    refused(fapi.push(form=fapi.params()), "invalid_request", "invalid_request_object")


def test_par_authorization_request_containing_request_uri(fapi: SigningFapi) -> None:
    uri = "urn:ietf:params:oauth:request_uri:any"
    refused(pushed_with(fapi, request_uri=uri), "invalid_request", "invalid_request_object")


def test_happy_flow_signed_both_ways(fapi: SigningFapi) -> None:
    """Sections 5.3 and 5.4: the code comes in a JWT (read by the client), with state and iss in it."""
    answer = fapi.finish(fapi.authorize(fapi.pushed()))
    assert (answer["state"], answer["iss"], answer["aud"]) == ("state-1", ISSUER, fapi.client_id)
    tokens = fapi.exchange(answer["code"]).json()
    assert fapi.userinfo(tokens["access_token"]).json()["sub"] == fapi.claims(tokens["id_token"])["sub"]
    refusal = fapi.finish(fapi.authorize(fapi.pushed(prompt="consent")), decision="deny")
    assert (refusal["error"], refusal["state"]) == ("access_denied", "state-1")


@pytest.mark.parametrize("mode", [None, "query", "form_post"])
def test_unsigned_answers_are_refused(fapi: SigningFapi, mode: str | None) -> None:
    """Section 5.4.1. What goes back in the browser is signed even then."""
    refused(fapi.push(response_mode=mode), "invalid_request")
    params = fapi.params(response_mode=mode and "query", redirect_uri=REDIRECT)
    target = fapi.browser.authorize(**params).headers["location"]
    assert fapi.claims(query_of(target)["response"])["error"] == "invalid_request"


def test_introspection_is_always_signed(fapi: SigningFapi) -> None:
    """Section 5.5.1 with RFC 9701, whatever the client says it accepts."""
    token = fapi.tokens()["access_token"]
    for accept in ("application/json", "application/token-introspection+jwt"):
        answer = fapi.http.post(
            "/introspect", data=fapi.credentials() | {"token": token}, headers=fapi.tls | {"Accept": accept}
        )
        assert answer.headers["content-type"] == "application/token-introspection+jwt"
        assert jwt.get_unverified_header(answer.text)["typ"] == "token-introspection+jwt"
        assert fapi.claims(answer.text)["token_introspection"]["active"] is True


@pytest.mark.parametrize(
    "metadata",
    [
        {"auth_method": "client_secret_basic"},
        {"authorization_signed_response_alg": "RS256"},
        {"introspection_signed_response_alg": "RS256"},
        {"id_token_signed_response_alg": "RS256"},
        {"require_pkce": False},
        {"jwks": None, "auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=x"},
        {"redirect_uris": ("http://app.example/cb",)},
        {"profile": "fapi3"},
    ],
)
def test_what_the_profile_refuses_at_registration(
    proxied: Provider, browser: Browser, metadata: dict[str, Any]
) -> None:
    with pytest.raises(IdpError, match=r"invalid_(client_metadata|redirect_uri)"):
        SigningFapi(proxied, browser, VARIANTS[0], **metadata)


def test_a_request_object_of_a_stranger(fapi: SigningFapi) -> None:
    """Signed with a key that nobody registered."""
    refused(
        fapi.push(form={"request": fapi.request_object(key=ProofKey().private)}), "invalid_request_object"
    )
