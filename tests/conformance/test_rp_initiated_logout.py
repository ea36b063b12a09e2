"""Plan oidcc-rp-initiated-logout-certification-test-plan, re-implemented."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from urllib.parse import urlencode

import httpx

from tests.conformance.conftest import Relying
from tests.flows.conftest import csrf_of, query_of

AFTER = "http://app.localhost/after"


def _logout(relying: Relying, **params: str) -> httpx.Response:
    return relying.browser.http.get("/logout?" + urlencode(params))


def _is_out(relying: Relying) -> bool:
    location = relying.browser.authorize(client_id=relying.client_id, prompt="none").headers["location"]
    return query_of(location).get("error") == "login_required"


def _asks_and_leaves(relying: Relying, page: httpx.Response) -> None:
    """The citizen is asked; on yes, the page says that they are signed out."""
    assert page.status_code == 200
    assert 'id="sign-out"' in page.text
    data = {"csrf": csrf_of(page), "decision": "sign_out"}
    assert 'id="signed-out"' in relying.browser.http.post("/logout/answer", data=data).text
    assert _is_out(relying)


def _stays(relying: Relying, answer: httpx.Response) -> None:
    assert "location" not in answer.headers
    assert answer.status_code == 400
    assert not _is_out(relying)


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(relying: Relying) -> None:
    metadata = relying.browser.http.get("/.well-known/openid-configuration").json()
    assert metadata["end_session_endpoint"].endswith("/logout")


def test_oidcc_rp_initiated_logout(relying: Relying) -> None:
    hint = relying.tokens()["id_token"]
    answer = _logout(relying, id_token_hint=hint, post_logout_redirect_uri=AFTER, state="s1")
    assert answer.headers["location"] == AFTER + "?state=s1"
    assert _is_out(relying)


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(relying: Relying) -> None:
    hint = relying.tokens()["id_token"]
    bad = "http://app.localhost/else"
    _stays(relying, _logout(relying, id_token_hint=hint, post_logout_redirect_uri=bad))


def test_oidcc_rp_initiated_logout_modified_id_token_hint(relying: Relying) -> None:
    _, claims, _ = relying.tokens()["id_token"].split(".")
    header = urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    _stays(relying, _logout(relying, id_token_hint=f"{header}.{claims}.", post_logout_redirect_uri=AFTER))


def test_oidcc_rp_initiated_logout_bad_id_token_hint(relying: Relying) -> None:
    head, claims, signature = relying.tokens()["id_token"].split(".")
    forged = f"{head}.{claims}.{signature[::-1]}"
    _stays(relying, _logout(relying, id_token_hint=forged, post_logout_redirect_uri=AFTER))


def test_oidcc_rp_initiated_logout_no_id_token_hint(relying: Relying) -> None:
    relying.tokens()
    _stays(relying, _logout(relying, post_logout_redirect_uri=AFTER))


def test_oidcc_rp_initiated_logout_no_params(relying: Relying) -> None:
    relying.tokens()
    _asks_and_leaves(relying, _logout(relying))


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(relying: Relying) -> None:
    hint = relying.tokens()["id_token"]
    assert 'id="signed-out"' in _logout(relying, id_token_hint=hint, state="s1").text
    assert _is_out(relying)


def test_oidcc_rp_initiated_logout_no_state(relying: Relying) -> None:
    hint = relying.tokens()["id_token"]
    answer = _logout(relying, id_token_hint=hint, post_logout_redirect_uri=AFTER)
    assert answer.headers["location"] == AFTER
    assert _is_out(relying)


def test_oidcc_rp_initiated_logout_only_state(relying: Relying) -> None:
    relying.tokens()
    _asks_and_leaves(relying, _logout(relying, state="s1"))


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(relying: Relying) -> None:
    hint = relying.tokens()["id_token"]
    _stays(relying, _logout(relying, id_token_hint=hint, post_logout_redirect_uri=AFTER + "?foo=bar"))
