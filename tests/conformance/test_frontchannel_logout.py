"""Plan oidcc-frontchannel-rp-initiated-logout-certification-test-plan, re-implemented.

That a browser loads the iframe is the browser's part; here the page is read.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

from tests.conformance.conftest import Relying
from tests.flows.conftest import ISSUER, Browser, Provider, query_of

AFTER = "http://app.localhost/after"


def test_oidcc_frontchannel_logout_discovery_endpoint_verification(relying: Relying) -> None:
    metadata = relying.browser.http.get("/.well-known/openid-configuration").json()
    assert metadata["frontchannel_logout_supported"] is True
    assert metadata["frontchannel_logout_session_supported"] is True
    assert metadata["end_session_endpoint"]


def test_oidcc_frontchannel_rp_initiated_logout(provider: Provider, browser: Browser) -> None:
    uri = "http://app.localhost/front"
    relying = Relying(provider, browser, frontchannel_logout_uri=uri, post_logout_redirect_uris=(AFTER,))
    hint = relying.tokens()["id_token"]
    query = {"id_token_hint": hint, "post_logout_redirect_uri": AFTER, "state": "s1"}
    page = browser.http.get("/logout?" + urlencode(query))
    (frame,) = re.findall(r'<iframe[^>]* src="([^"]+)"', page.text)
    asked = query_of(unescape(frame))
    assert unescape(frame).startswith(uri)
    assert (asked["iss"], asked["sid"]) == (ISSUER, relying.claims(hint)["sid"])
    assert f'href="{AFTER}?state=s1"' in page.text
    location = browser.authorize(client_id=relying.client_id, prompt="none").headers["location"]
    assert query_of(location)["error"] == "login_required"
