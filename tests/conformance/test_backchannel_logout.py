"""Plan oidcc-backchannel-rp-initiated-logout-certification-test-plan, re-implemented."""

from __future__ import annotations

from urllib.parse import urlencode

import jwt
from starlette.testclient import TestClient

from idp.domain.logout import EVENT
from tests.conformance.conftest import Relying
from tests.flows.conftest import ISSUER, Browser, Provider, query_of
from tests.flows.receiver import receiving, wait_until

AFTER = "http://app.localhost/after"


def test_oidcc_backchannel_logout_discovery_endpoint_verification(relying: Relying) -> None:
    metadata = relying.browser.http.get("/.well-known/openid-configuration").json()
    assert metadata["backchannel_logout_supported"] is True
    assert metadata["backchannel_logout_session_supported"] is True
    assert metadata["end_session_endpoint"]


def test_oidcc_backchannel_rp_initiated_logout(provider: Provider, browser: Browser) -> None:
    with receiving() as receiver, TestClient(provider.app, base_url=ISSUER):
        relying = Relying(
            provider,
            browser,
            backchannel_logout_uri=receiver.url("/bc"),
            post_logout_redirect_uris=(AFTER,),
        )
        hint = relying.tokens()["id_token"]
        query = {"id_token_hint": hint, "post_logout_redirect_uri": AFTER, "state": "s1"}
        answer = browser.http.get("/logout?" + urlencode(query))
        assert answer.headers["location"] == AFTER + "?state=s1"
        wait_until(lambda: bool(receiver.tokens()))
        claims, known = relying.claims(receiver.tokens()[0]), relying.claims(hint)
    assert jwt.get_unverified_header(receiver.tokens()[0])["alg"] != "none"
    assert claims["events"] == {EVENT: {}}
    assert (claims["sid"], claims["sub"], claims["iss"]) == (known["sid"], known["sub"], ISSUER)
    assert "nonce" not in claims
    location = browser.authorize(client_id=relying.client_id, prompt="none").headers["location"]
    assert query_of(location)["error"] == "login_required"
