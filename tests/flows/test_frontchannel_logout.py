"""OpenID Connect Front-Channel Logout 1.0."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import jwt

from tests.flows.conftest import ISSUER, Browser, Provider, query_of

AFTER = "http://app.localhost/after"


def _signed_in(provider: Provider, browser: Browser, uri: str | None) -> tuple[str, str]:
    """(ID token, sid)."""
    app = provider.add_client(frontchannel_logout_uri=uri, post_logout_redirect_uris=(AFTER,))
    token: str = browser.exchange(browser.code(client_id=app[0]), auth=app).json()["id_token"]
    return token, jwt.decode(token, options={"verify_signature": False})["sid"]


def test_every_app_of_the_session_is_loaded_with_iss_and_sid(provider: Provider, browser: Browser) -> None:
    """Section 3: iframes with iss and sid, then the app's own page; frames only of these origins."""
    hint, sid = _signed_in(provider, browser, "https://a.example/out?keep=1")
    _signed_in(provider, browser, "https://b.example:8443/out")
    _signed_in(provider, browser, None)
    query = {"id_token_hint": hint, "post_logout_redirect_uri": AFTER, "state": "x"}
    page = browser.http.get("/logout?" + urlencode(query))
    assert page.status_code == 200
    frames = [unescape(url) for url in re.findall(r'<iframe[^>]* src="([^"]+)"', page.text)]
    assert sorted(url.split("?")[0] for url in frames) == [
        "https://a.example/out",
        "https://b.example:8443/out",
    ]
    for url in frames:
        assert (query_of(url)["iss"], query_of(url)["sid"]) == (ISSUER, sid)
    assert query_of(min(frames))["keep"] == "1"
    policy = page.headers["content-security-policy"]
    assert policy.endswith("; frame-src https://a.example https://b.example:8443")
    assert f'id="continue" href="{AFTER}?state=x"' in page.text
    assert "/static/signed_out.js" in page.text
    assert query_of(browser.authorize(prompt="none").headers["location"])["error"] == "login_required"


def test_without_such_apps_there_is_no_page_in_between(provider: Provider, browser: Browser) -> None:
    hint, _ = _signed_in(provider, browser, None)
    query = {"id_token_hint": hint, "post_logout_redirect_uri": AFTER}
    assert browser.http.get("/logout?" + urlencode(query)).headers["location"] == AFTER


def test_the_metadata_say_so(browser: Browser) -> None:
    """Section 3."""
    metadata = browser.http.get("/.well-known/openid-configuration").json()
    assert metadata["frontchannel_logout_supported"] is True
    assert metadata["frontchannel_logout_session_supported"] is True
