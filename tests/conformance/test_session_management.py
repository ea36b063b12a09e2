"""Plan oidcc-session-management-certification-test-plan, re-implemented, with a real Chromium.

Provider and app are on two sites, so everything hangs on third-party cookies: one profile allows them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, sync_playwright
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from examples.demo.browser import find_chromium
from idp.app import create_app
from idp.domain.pkce import s256
from idp.settings import Settings
from tests.clients.conftest import PASSWORD, Running, free_port, running, serving
from tests.conformance.conftest import Relying
from tests.flows.conftest import ISSUER, REDIRECT, query_of

VERIFIER = "v" * 43
ASK = """message => new Promise(resolve => {
  window.addEventListener("message", event => resolve([event.data, event.origin]), {once: true});
  document.getElementById("op").contentWindow.postMessage(message, "*");
})"""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("session"), "id.localhost") as started:
        yield started


@pytest.fixture(scope="module")
def app(real: Running) -> Iterator[str]:
    """The origin of an app whose every page holds the OP iframe."""
    holds = f'<!doctype html><iframe id="op" src="{real.issuer}/session/check"></iframe>'

    def page(_: object) -> Response:
        return HTMLResponse(holds)

    port = free_port()
    with serving(Starlette(routes=[Route("/{path}", page)]), port):
        yield f"http://app.localhost:{port}"


@contextmanager
def _chromium(profile: Path, *, third_party_cookies: bool) -> Iterator[Page]:
    mode = {"profile": {"cookie_controls_mode": 0 if third_party_cookies else 1}}
    (profile / "Default").mkdir(parents=True)
    (profile / "Default" / "Preferences").write_text(json.dumps(mode))
    executable = find_chromium()
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=executable,
            headless=False,
            args=["--headless=new", "--disable-dev-shm-usage", "--disable-background-networking"],
        )
        yield context.new_page()
        context.close()


@pytest.fixture
def chromium(tmp_path: Path) -> Callable[..., AbstractContextManager[Page]]:
    return lambda **settings: _chromium(tmp_path / "profile", **settings)


class SignedIn:
    """A citizen in ``page`` whose app got a ``session_state``."""

    def __init__(self, real: Running, app: str, page: Page) -> None:
        self.page, self.issuer = page, real.issuer
        callback = f"{app}/callback"
        self.client_id, _ = real.client(callback, post_logout_redirect_uris=(f"{app}/out",))
        query = {"client_id": self.client_id, "redirect_uri": callback, "response_type": "code"}
        query |= {"scope": "openid", "code_challenge": s256(VERIFIER), "code_challenge_method": "S256"}
        page.goto(f"{real.issuer}/authorize?{urlencode(query)}")
        page.fill("#number", real.citizen().number)
        page.fill("#password", PASSWORD)
        page.click("#sign-in")
        page.click("#allow")
        page.wait_for_url(f"{callback}?**")
        self.session_state = query_of(page.url)["session_state"]

    def ask(self, message: object = None) -> str:
        default = f"{self.client_id} {self.session_state}"
        answer, origin = self.page.evaluate(ASK, default if message is None else message)
        assert origin == self.issuer
        return str(answer)

    def sign_out(self, after: str) -> None:
        self.page.goto(f"{self.issuer}/logout")
        self.page.click("#sign-out")
        self.page.wait_for_selector("#signed-out")
        self.page.goto(after)


def test_oidcc_session_management_discovery_endpoint_verification(relying: Relying) -> None:
    metadata = relying.browser.http.get("/.well-known/openid-configuration").json()
    assert metadata["check_session_iframe"] == f"{ISSUER}/session/check"
    assert metadata["end_session_endpoint"]


def test_oidcc_session_management_rp_initiated_logout(
    real: Running, app: str, chromium: Callable[..., AbstractContextManager[Page]]
) -> None:
    with chromium(third_party_cookies=True) as page:
        citizen = SignedIn(real, app, page)
        assert citizen.ask() == "unchanged"
        digest, salt = citizen.session_state.split(".")
        other = f"{citizen.client_id} {hashlib.sha256(b'').hexdigest()}.{salt}"
        for changed in (other, f"someone-else {digest}.{salt}", f"{citizen.client_id} {digest}.{salt}x"):
            assert citizen.ask(changed) == "changed"
        for bad in ("", "no state", f"{citizen.client_id}  {digest}.{salt}", f"{digest}.{salt}", {"a": 1}):
            assert citizen.ask(bad) == "error"
        assert page.frames[1].evaluate("sha256('x'.repeat(200) + 'Thái Nguyên')") == (
            hashlib.sha256(("x" * 200 + "Thái Nguyên").encode()).hexdigest()
        )
        citizen.sign_out(f"{app}/out")
        assert citizen.ask() == "changed"


def test_where_third_party_cookies_are_blocked_nothing_is_claimed(
    real: Running, app: str, chromium: Callable[..., AbstractContextManager[Page]]
) -> None:
    """Section 3.1: on "error" an app does not sign in again, on "changed" it would, for ever."""
    with chromium(third_party_cookies=False) as page:
        assert SignedIn(real, app, page).ask() == "error"


def test_only_this_page_may_be_framed(relying: Relying) -> None:
    page = relying.browser.http.get("/session/check")
    assert page.headers["content-security-policy"].endswith("frame-ancestors *")
    assert "x-frame-options" not in page.headers
    assert "set-cookie" not in page.headers
    home = relying.browser.http.get("/")
    assert "frame-ancestors 'none'" in home.headers["content-security-policy"]
    assert home.headers["x-frame-options"] == "DENY"


def test_the_state_says_nothing_and_changes_with_each_sign_in(relying: Relying) -> None:
    """The cookie is the only one that scripts may read."""
    seen = []
    for prompt in (None, "login"):
        path = relying.browser.authorize(client_id=relying.client_id, prompt=prompt).headers["location"]
        cookies = relying.browser.sign_in(path).headers.get_list("set-cookie")
        (state,) = (cookie for cookie in cookies if cookie.startswith("mc_state="))
        assert "httponly" not in state.lower()
        assert "samesite=none" in state.lower() and "secure" in state.lower()
        assert all("httponly" in cookie.lower() for cookie in cookies if cookie != state)
        seen.append(state.partition(";")[0])
    assert seen[0] != seen[1]


def test_switched_off(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path, issuer=ISSUER, session_management=False))
    http = TestClient(app, base_url=ISSUER)
    assert http.get("/session/check").status_code == 404
    assert "check_session_iframe" not in http.get("/.well-known/openid-configuration").json()


def test_apps_without_an_origin_get_no_session_state(relying: Relying) -> None:
    native = "vn.gov.example:/cb"
    client_id, _ = relying.browser.provider.add_client(redirect_uris=(native, REDIRECT))
    relying.browser.code(client_id=client_id)
    answer = relying.browser.authorize(client_id=client_id, redirect_uri=native).headers["location"]
    assert query_of(answer).keys() == {"code", "state", "iss"}
