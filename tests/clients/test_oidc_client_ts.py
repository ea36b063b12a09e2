"""npm oidc-client-ts: an app that lives in Chromium only, on another origin, without a secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright
from starlette.applications import Starlette
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route

from examples.demo.browser import launch
from tests.clients.conftest import PASSWORD, Running, free_port, serving
from tests.clients.node import HERE, PACKAGES

FILES = HERE / "browser_app"
LIBRARY = PACKAGES / "oidc-client-ts/dist/browser/oidc-client-ts.min.js"


@pytest.fixture
def app(provider: Running) -> Iterator[str]:
    """The app's origin. Its server only hands out files."""
    if not LIBRARY.exists():
        pytest.fail("tests/clients/node_modules is missing: run `make setup-test`", pytrace=False)
    origin = f"http://localhost:{(port := free_port())}"
    client_id, _ = provider.client(
        f"{origin}/callback", auth_method="none", post_logout_redirect_uris=(f"{origin}/",)
    )
    settings = {"authority": provider.issuer, "client_id": client_id}
    files = {
        "/": FILES / "index.html",
        "/callback": FILES / "index.html",
        "/app.js": FILES / "app.js",
        "/oidc-client-ts.js": LIBRARY,
    }
    routes = [Route(path, lambda _, file=file: FileResponse(file)) for path, file in files.items()]
    routes.append(Route("/settings.json", lambda _: JSONResponse(settings)))
    with serving(Starlette(routes=routes), port):
        yield origin


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = launch(playwright, tmp_path / "no-camera.y4m")
        yield chromium.new_page()
        chromium.close()


def test_a_browser_app_signs_in_and_out(provider: Running, app: str, page: Page) -> None:
    """Discovery, keys, code, userinfo and revocation all cross origins."""
    person = provider.citizen()
    page.goto(app)
    page.click("#enter")
    page.fill("#number", person.number)
    page.fill("#password", PASSWORD)
    page.click("#sign-in")
    page.click("#allow")
    page.wait_for_selector("#leave:not([hidden]), #problem:not(:empty)")
    assert page.inner_text("#problem") == ""
    citizen = json.loads(page.inner_text("#citizen"))
    assert citizen["profile"]["name"] == person.full_name
    bearer = {"Authorization": f"Bearer {citizen['token']}"}
    assert httpx.get(f"{provider.issuer}/userinfo", headers=bearer).status_code == 200

    page.click("#leave")
    page.wait_for_selector("#enter:not([hidden])")
    assert page.url.startswith(f"{app}/")
    assert page.inner_text("#citizen") == ""
    assert httpx.get(f"{provider.issuer}/userinfo", headers=bearer).status_code == 401
    page.goto(f"{provider.issuer}/account")
    assert page.is_visible("#sign-in")
