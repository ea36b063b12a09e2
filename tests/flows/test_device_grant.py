"""Device authorization: the device polls, the citizen types its code elsewhere (RFC 8628)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from idp.usecases.grants.device_code import GRANT
from tests.flows.conftest import ISSUER, Browser, Provider
from tests.flows.keys import ProofKey


@dataclass
class Device:
    """A kiosk: a public client that knows only its client_id."""

    provider: Provider
    client_id: str

    def start(self, **changes: str) -> dict[str, Any]:
        answer = self.post("/device_authorization", **({"scope": "openid profile"} | changes))
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def poll(self, code: str, **headers: str) -> httpx.Response:
        return self.post("/token", headers, grant_type=GRANT, device_code=code)

    def post(self, path: str, headers: dict[str, str] | None = None, **data: str) -> httpx.Response:
        form = {"client_id": self.client_id} | data
        return self.provider.browser().http.post(path, data=form, headers=headers)

    def later(self, seconds: int) -> None:
        services = self.provider.app.state.services
        self.provider.app.state.services = replace(services, clock=lambda: services.clock() + seconds)


@pytest.fixture
def device(provider: Provider) -> Iterator[Device]:
    client_id, _ = provider.add_client(
        name="Ti vi phòng khách", auth_method="none", redirect_uris=(), grant_types=(GRANT, "refresh_token")
    )
    before = provider.app.state.services
    yield Device(provider, client_id)
    provider.app.state.services = before


def to_consent(browser: Browser, typed: str) -> str:
    target = browser.submit("/device", user_code=typed).headers["location"]
    if target.endswith("/sign-in"):
        target = browser.sign_in(target).headers["location"]
    assert target.endswith("/consent")
    return target


def error(answer: httpx.Response) -> str:
    assert answer.status_code == 400, answer.text
    return str(answer.json()["error"])


def test_the_whole_way(device: Device, browser: Browser) -> None:
    started = device.start()
    assert re.fullmatch(r"[B-Z]{4}-[B-Z]{4}", started["user_code"])
    assert started["verification_uri"] == f"{ISSUER}/device"
    assert started["verification_uri_complete"].endswith(started["user_code"])
    consent = to_consent(browser, started["user_code"].lower().replace("-", " "))
    page = browser.http.get(consent)
    assert "Ti vi phòng khách" in page.text
    assert started["user_code"] in page.text  # to compare with the screen (section 5.4)
    done = browser.submit(consent, decision="allow").headers["location"]
    assert done.startswith(f"{ISSUER}/device/done")
    assert 'id="allowed"' in browser.http.get(done).text
    answer = device.poll(started["device_code"])
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert browser.http.get("/userinfo", headers=headers).json()["given_name"] == "Linh"
    assert "id_token" in answer.json()
    assert error(device.poll(started["device_code"])) == "invalid_grant"  # once


def test_the_citizen_is_always_asked(device: Device, browser: Browser) -> None:
    """Section 5.4: remote phishing. Even where the app was allowed before."""
    for _ in range(2):
        consent = to_consent(browser, device.start()["user_code"])
        browser.submit(consent, decision="allow")


def test_the_citizen_refuses(device: Device, browser: Browser) -> None:
    started = device.start()
    done = browser.submit(to_consent(browser, started["user_code"]), decision="deny").headers["location"]
    assert 'id="denied"' in browser.http.get(done).text
    assert error(device.poll(started["device_code"])) == "access_denied"


def test_leaving_the_sign_in_page_refuses_too(device: Device, browser: Browser) -> None:
    started = device.start()
    target = browser.submit("/device", user_code=started["user_code"]).headers["location"]
    browser.http.get(target.replace("/sign-in", "/cancel"))
    assert error(device.poll(started["device_code"])) == "access_denied"


def test_polling_too_often(device: Device) -> None:
    """Section 3.5: slow_down adds five seconds each time."""
    code = device.start()["device_code"]
    assert error(device.poll(code)) == "authorization_pending"
    assert error(device.poll(code)) == "slow_down"
    device.later(6)
    assert error(device.poll(code)) == "slow_down"  # ten seconds now
    device.later(16)
    assert error(device.poll(code)) == "authorization_pending"


def test_it_goes_out_of_date(device: Device, browser: Browser) -> None:
    started = device.start()
    assert started["expires_in"] == 600
    device.later(601)
    assert error(device.poll(started["device_code"])) == "expired_token"
    assert browser.submit("/device", user_code=started["user_code"]).status_code == 422


def test_wrong_device_codes(device: Device, provider: Provider) -> None:
    code = device.start()["device_code"]
    assert error(device.poll("mcd_unknown")) == "invalid_grant"
    assert error(device.post("/token", grant_type=GRANT)) == "invalid_request"
    other, _ = provider.add_client(auth_method="none", redirect_uris=(), grant_types=(GRANT,))
    assert error(Device(provider, other).poll(code)) == "invalid_grant"


def test_requests_that_are_refused(device: Device, provider: Provider) -> None:
    """Section 3.2: the errors of the token endpoint."""
    assert error(device.post("/device_authorization", scope="unknown")) == "invalid_scope"
    assert error(device.post("/device_authorization", resource="https://x.example/")) == "invalid_target"
    plain, _ = provider.add_client(auth_method="none")
    assert error(Device(provider, plain).post("/device_authorization")) == "unauthorized_client"
    assert device.post("/device_authorization", client_id="nobody").status_code == 401


def test_a_refresh_token_and_a_bound_token(device: Device, browser: Browser) -> None:
    key = ProofKey()
    started = device.start(scope="openid offline_access")
    browser.submit(to_consent(browser, started["user_code"]), decision="allow")
    body = device.poll(started["device_code"], **key.headers()).json()
    assert (body["token_type"], body["refresh_token"][:4]) == ("DPoP", "mcr_")


def test_the_form_is_only_filled_in(device: Device, browser: Browser) -> None:
    """Section 3.3.1: the address never decides by itself."""
    started = device.start()
    page = browser.http.get(started["verification_uri_complete"].removeprefix(ISSUER))
    assert f'value="{started["user_code"]}"' in page.text
    assert error(device.poll(started["device_code"])) == "authorization_pending"


def test_two_polls_at_once_get_one_token(device: Device, browser: Browser) -> None:
    started = device.start()
    browser.submit(to_consent(browser, started["user_code"]), decision="allow")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: device.poll(started["device_code"]), range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 400]


def test_one_code_decided_in_two_browsers(device: Device, provider: Provider) -> None:
    started = device.start()
    first, second = provider.browser(), provider.browser()
    pages = [to_consent(one, started["user_code"]) for one in (first, second)]
    assert first.submit(pages[0], decision="allow").status_code == 303
    assert second.submit(pages[1], decision="allow").status_code == 410
    device.later(6)
    assert device.poll(started["device_code"]).status_code == 200


def test_guessing_is_slowed_down(provider: Provider, device: Device, browser: Browser) -> None:
    """Section 5.1."""
    statuses = [browser.submit("/device", user_code=f"WRONG{n}").status_code for n in range(22)]
    assert statuses[0] == 422
    last = browser.submit("/device", user_code=device.start()["user_code"])
    assert (statuses[-1], last.status_code, last.headers["retry-after"]) == (429, 429, "900")
