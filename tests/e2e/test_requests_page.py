"""A citizen answers an app's backchannel request (CIBA) in Chromium, on a phone and without any script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page

from idp.domain.grant_types import CIBA
from tests.clients.conftest import PASSWORD, Running, provider
from tests.e2e.conftest import FilmedBrowser

__all__ = ["provider"]
SIZES = {"phone": (390, 844), "desktop": (1280, 800)}


@pytest.fixture(params=SIZES)
def page(browser: FilmedBrowser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = SIZES[request.param]
    context: BrowserContext = browser.chromium.new_context(
        viewport={"width": width, "height": height}, locale="vi-VN", java_script_enabled=False
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def ask(provider: Running) -> Callable[[str, str], Callable[[], httpx.Response]]:
    """``ask(number, message)`` sends a request; what it returns polls for the answer."""
    client_id, secret = provider.client(
        name="Tổng đài 1022", grant_types=(CIBA,), backchannel_token_delivery_mode="poll"
    )
    basic = {"Authorization": "Basic " + b64encode(f"{client_id}:{secret}".encode()).decode()}

    def post(path: str, **form: str) -> httpx.Response:
        return httpx.post(provider.issuer + path, data=form, headers=basic)

    def asked(number: str, message: str) -> Callable[[], httpx.Response]:
        started = post("/bc-authorize", scope="openid profile", login_hint=number, binding_message=message)
        auth_req_id = started.json()["auth_req_id"]
        return lambda: post("/token", grant_type=CIBA, auth_req_id=auth_req_id)

    return asked


def fits(page: Page) -> bool:
    """Nothing sticks out to the right, and every button is big enough for a thumb."""
    wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    boxes = [one.bounding_box() for one in page.locator("main button, main a.button").all()]
    return bool(wide) and all(box is not None and box["height"] >= 48 for box in boxes)


def test_the_page_looks_again_and_the_citizen_decides(
    provider: Running, page: Page, ask: Callable[[str, str], Callable[[], httpx.Response]]
) -> None:
    person = provider.citizen()
    page.goto(provider.issuer + "/account/requests")
    page.fill("#number", person.number)
    page.fill("#password", PASSWORD)
    page.click("#sign-in")
    page.wait_for_selector("#none")
    assert fits(page)

    poll = ask(person.number, "Hồ sơ H12-000123, " + "m" * 80)
    page.wait_for_selector("#requests", timeout=20_000)  # by itself
    assert "Tổng đài 1022" in page.inner_text("#requests")
    assert "H12-000123" in page.inner_text("#requests")
    assert fits(page)
    page.click("button[value=look]")
    assert "H12-000123" in page.inner_text("#elsewhere")
    assert fits(page)
    page.click("#allow")
    page.wait_for_selector("#allowed")
    assert fits(page)
    assert poll().status_code == 200

    poll = ask(person.number, "Hồ sơ khác")
    page.goto(provider.issuer + "/account")
    page.click("#requests")
    page.click("button[value=silence]")
    page.wait_for_selector("#denied")
    assert poll().json()["error"] == "access_denied"
    page.goto(provider.issuer + "/account/requests")
    assert "Tổng đài 1022" in page.inner_text("#silenced")
    assert fits(page)
    page.click("#silenced button")
    page.wait_for_selector("#none")
    assert page.locator("#silenced").count() == 0
