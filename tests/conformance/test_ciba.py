"""Plan fapi-ciba-id1-test-plan, re-implemented for plain FAPI, poll and ping. Every name begins with
fapi-ciba-id1- in the plan. The clients have the profile ``fapi2``, so their assertions name the issuer."""

from __future__ import annotations

import time
from collections.abc import Iterator

import httpx
import pytest

from idp.usecases.ciba.notify import ping_next
from tests.conformance.ciba import SENDER, Backchannel
from tests.conformance.fapi2 import PRIVATE_KEY_JWT_DPOP, RSA, Variant, refused
from tests.flows.ciba import forget, later, waiting
from tests.flows.conftest import ISSUER, Browser, Provider
from tests.flows.receiver import Receiver, receiving
from tests.flows.test_mutual_tls import proxied

__all__ = ["proxied"]

MTLS = Variant("mtls", "mtls")
CASES = [(variant, mode) for variant in (PRIVATE_KEY_JWT_DPOP, MTLS) for mode in ("poll", "ping")]
BAD = "1234 👍🏿 品川 " + "Lorem ipsum dolor sit amet, consectetur adipiscing elit. " * 8
HOUR, MINUTE = 3600, 60


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def client(
    request: pytest.FixtureRequest, proxied: Provider, browser: Browser, receiver: Receiver
) -> Backchannel:
    forget(proxied)
    variant, mode = request.param
    return Backchannel(proxied, browser, variant, receiver if mode == "ping" else None)


@pytest.fixture(params=(PRIVATE_KEY_JWT_DPOP, MTLS), ids=str)
def pinged(
    request: pytest.FixtureRequest, proxied: Provider, browser: Browser, receiver: Receiver
) -> Iterator[Backchannel]:
    forget(proxied)
    receiver.requests.clear()
    yield Backchannel(proxied, browser, request.param, receiver)
    receiver.statuses = [200]


def another(client: Backchannel) -> Backchannel:
    """The plan's second client."""
    return Backchannel(client.provider, client.browser, client.variant, client.receiver)


def invalid_request(answer: httpx.Response) -> None:
    refused(answer, "invalid_request")
    assert answer.status_code == 400


def test_discovery_end_point_verification(client: Backchannel) -> None:
    found = client.http.get("/.well-known/openid-configuration").json()
    assert found["backchannel_authentication_endpoint"].startswith(ISSUER)
    assert {"poll", "ping"} <= set(found["backchannel_token_delivery_modes_supported"])
    assert {"PS256", "ES256"} <= set(found["backchannel_authentication_request_signing_alg_values_supported"])
    assert isinstance(found["backchannel_user_code_parameter_supported"], bool)
    assert "urn:openid:params:grant-type:ciba" in found["grant_types_supported"]
    assert {"private_key_jwt", "tls_client_auth"} & set(found["token_endpoint_auth_methods_supported"])
    assert found["tls_client_certificate_bound_access_tokens"] is True


def test_fapi_ciba_id1(client: Backchannel) -> None:
    """Pending twice, then the tokens; once more with a second client, which asks for an acr."""
    first = client.started()
    for _ in range(2):
        refused(client.poll(first), "authorization_pending", "slow_down")
    client.completed(first)
    second = another(client)
    body = second.completed(second.started(acr_values="vn-ekyc-2"))
    assert second.claims(body["id_token"])["acr"] == "vn-ekyc-2"


def test_user_rejects_authentication(client: Backchannel) -> None:
    auth_req_id = client.started()
    client.decided(auth_req_id, "refuse")
    refused(client.poll(auth_req_id), "access_denied")


def test_multiple_call_to_token_endpoint(client: Backchannel) -> None:
    auth_req_id = client.started()
    for _ in range(20):
        refused(client.poll(auth_req_id), "authorization_pending", "slow_down")


def test_auth_req_id_expired(client: Backchannel) -> None:
    auth_req_id = client.started(requested_expiry=10)
    with later(client.provider, 10):
        refused(client.poll(auth_req_id), "expired_token")


def test_ensure_authorization_request_with_binding_message_succeeds(client: Backchannel) -> None:
    auth_req_id = client.started(binding_message="1234")
    assert "1234" in waiting(client.browser).text
    client.completed(auth_req_id)


def test_ensure_other_scope_order_succeeds(client: Backchannel) -> None:
    client.completed(client.started(scope="offline_access profile openid"))


def test_ensure_requested_expiry_as_string_succeeds(client: Backchannel) -> None:
    answer = client.ask(requested_expiry="30")
    assert answer.json()["expires_in"] == 30
    client.completed(answer.json()["auth_req_id"])


def test_ensure_authorization_request_with_potentially_bad_binding_message(client: Backchannel) -> None:
    """Refused: not every device could show it."""
    refused(client.ask(binding_message=BAD), "invalid_binding_message")


# the signed request


def test_ensure_request_object_missing_aud_fails(client: Backchannel) -> None:
    invalid_request(client.ask(aud=None))


def test_ensure_request_object_bad_aud_fails(client: Backchannel) -> None:
    invalid_request(client.ask(aud="https://other.example"))


def test_ensure_request_object_missing_iss_fails(client: Backchannel) -> None:
    invalid_request(client.ask(iss=None))


def test_ensure_request_object_bad_iss_fails(client: Backchannel) -> None:
    invalid_request(client.ask(iss=client.client_id + "1"))


def test_ensure_request_object_missing_exp_fails(client: Backchannel) -> None:
    invalid_request(client.ask(exp=None))


def test_ensure_request_object_expired_exp_fails(client: Backchannel) -> None:
    invalid_request(client.ask(exp=int(time.time()) - 5 * MINUTE))


def test_ensure_request_object_exp_is_70_minutes_in_future_fails(client: Backchannel) -> None:
    invalid_request(client.ask(exp=int(time.time()) + 70 * MINUTE))


def test_ensure_request_object_missing_iat_fails(client: Backchannel) -> None:
    invalid_request(client.ask(iat=None))


def test_ensure_request_object_missing_nbf_fails(client: Backchannel) -> None:
    invalid_request(client.ask(nbf=None))


def test_ensure_request_object_nbf_is_10_minutes_in_future_fails(client: Backchannel) -> None:
    soon = int(time.time()) + 10 * MINUTE
    invalid_request(client.ask(nbf=soon, exp=soon + MINUTE))


def test_ensure_request_object_nbf_is_70_minutes_in_past_fails(client: Backchannel) -> None:
    invalid_request(client.ask(nbf=int(time.time()) - 70 * MINUTE))


def test_ensure_request_object_missing_jti_fails(client: Backchannel) -> None:
    invalid_request(client.ask(jti=None))


def test_ensure_request_object_signature_algorithm_is_none_fails(client: Backchannel) -> None:
    invalid_request(client.ask(client.signed(alg="none")))


def test_ensure_request_object_signature_algorithm_is_bad_fails(client: Backchannel) -> None:
    head, body, signature = client.signed().split(".")
    changed = signature[:-8] + ("AAAAAAAA" if signature[-8:] != "AAAAAAAA" else "BBBBBBBB")
    invalid_request(client.ask(f"{head}.{body}.{changed}"))


def test_ensure_request_object_signature_algorithm_is_rs256_fails(client: Backchannel) -> None:
    invalid_request(client.ask(client.signed(key=RSA, alg="RS256")))


def test_ensure_request_object_signed_by_other_client_fails(client: Backchannel) -> None:
    invalid_request(client.ask(client.signed(key=another(client).key.private)))


def test_ensure_authorization_request_with_multiple_hints_fails(client: Backchannel) -> None:
    invalid_request(client.ask(id_token_hint="a.b.c", login_hint_token="a.b.c"))


def test_ensure_unsigned_backchannel_authorization_request_fails(client: Backchannel) -> None:
    invalid_request(client.send(client.asked() | client.credentials()))


# who is who


def test_ensure_wrong_auth_req_id_in_token_endpoint_request(client: Backchannel) -> None:
    answer = another(client).poll(client.started())
    refused(answer, "invalid_grant")
    assert answer.status_code == 400


def test_ensure_different_client_id_and_issuer_in_backchannel_authorization_request(
    client: Backchannel,
) -> None:
    """The plan has it for mutual TLS; an assertion of one client with the client_id of another fails too."""
    form = {"request": client.signed()} | client.credentials() | {"client_id": another(client).client_id}
    answer = client.send(form)
    refused(answer, "invalid_client")
    assert answer.status_code == 401


def test_ensure_wrong_client_id_in_token_endpoint_request(client: Backchannel) -> None:
    refused(client.poll(client.started(), client_id=another(client).client_id), "invalid_client")


def test_ensure_wrong_client_id_in_backchannel_authorization_request(client: Backchannel) -> None:
    other = another(client)
    form = {"request": client.signed(iss=other.client_id)} | client.credentials()
    refused(client.send(form | {"client_id": other.client_id}), "invalid_client")


def test_ensure_without_client_assertion_in_token_endpoint_request(client: Backchannel) -> None:
    form = {"grant_type": "urn:openid:params:grant-type:ciba", "auth_req_id": client.started()}
    answer = client.http.post("/token", data=form | {"client_id": client.client_id}, headers=_nothing(client))
    refused(answer, "invalid_client")


def test_ensure_without_client_assertion_in_backchannel_authorization_request(client: Backchannel) -> None:
    form = {"request": client.signed(), "client_id": client.client_id}
    refused(client.send(form, headers={}), "invalid_client")


def _nothing(client: Backchannel) -> dict[str, str]:
    """Headers without the certificate that proves a client of mutual TLS."""
    return {} if client.variant == MTLS else client.proof()


@pytest.fixture(params=("poll", "ping"))
def by_assertion(
    request: pytest.FixtureRequest, proxied: Provider, browser: Browser, receiver: Receiver
) -> Backchannel:
    forget(proxied)
    pings = receiver if request.param == "ping" else None
    return Backchannel(proxied, browser, PRIVATE_KEY_JWT_DPOP, pings)


def test_ensure_client_assertion_signature_algorithm_in_backchannel_authorization_request_is_rs256_fails(
    by_assertion: Backchannel,
) -> None:
    assertion = by_assertion.assertion(key=RSA, alg="RS256")
    answer = by_assertion.send({"request": by_assertion.signed()} | by_assertion.credentials(assertion))
    refused(answer, "invalid_client")
    assert answer.status_code == 401


def test_ensure_client_assertion_signature_algorithm_in_token_endpoint_request_is_rs256_fails(
    by_assertion: Backchannel,
) -> None:
    assertion = by_assertion.assertion(key=RSA, alg="RS256")
    refused(by_assertion.poll(by_assertion.started(), client_assertion=assertion), "invalid_client")


def test_ensure_client_assertion_with_iss_aud_to_token_endpoint_succeeds(by_assertion: Backchannel) -> None:
    auth_req_id = by_assertion.started()
    by_assertion.decided(auth_req_id)
    assertion = by_assertion.assertion(aud=ISSUER)
    assert by_assertion.poll(auth_req_id, client_assertion=assertion).status_code == 200


# pings


def test_ping_backchannel_notification_endpoint_response_has_body(pinged: Backchannel) -> None:
    """200 instead of 204."""
    assert pinged.receiver
    pinged.receiver.statuses = [200]
    pinged.completed(pinged.started())


def test_ping_backchannel_notification_endpoint_response_401(pinged: Backchannel) -> None:
    assert pinged.receiver
    pinged.receiver.statuses = [401]
    pinged.completed(pinged.started())


def test_ping_backchannel_notification_endpoint_response_403(pinged: Backchannel) -> None:
    assert pinged.receiver
    pinged.receiver.statuses = [403]
    pinged.completed(pinged.started())


def test_ping_with_mtls_ciba_notification_endpoint_response_401_and_require_server_does_not_retry(
    pinged: Backchannel,
) -> None:
    assert pinged.receiver
    pinged.receiver.statuses = [401]
    pinged.decided(pinged.started())
    with later(pinged.provider, HOUR):
        assert not ping_next(pinged.provider.app.state.services, SENDER)
    assert len(pinged.receiver.requests) == 1


def test_ping_backchannel_notification_endpoint_return_redirect_request(pinged: Backchannel) -> None:
    assert pinged.receiver
    pinged.receiver.statuses = [301]
    pinged.completed(pinged.started())
    assert [path for _, path, _ in pinged.receiver.requests] == ["/ping"]


# tokens


def test_refresh_token(client: Backchannel) -> None:
    """Refreshed by its own client with its own key; not by the plan's second client."""
    body = client.completed(client.started())
    again = client.refresh(body["refresh_token"])
    assert client.claims(again.json()["id_token"])["sub"] == client.claims(body["id_token"])["sub"]
    refused(another(client).refresh(body["refresh_token"]), "invalid_grant")


def test_ensure_mtls_holder_of_key_required(client: Backchannel) -> None:
    """Without the certificate, or the DPoP proof, there is no token."""
    auth_req_id = client.started()
    client.decided(auth_req_id)
    refused(client.poll(auth_req_id, headers={}), "invalid_client", "invalid_dpop_proof", "invalid_request")
    assert client.poll(auth_req_id).status_code == 200
