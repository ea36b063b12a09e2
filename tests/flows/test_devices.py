"""The citizen's list of devices, sign-out of one and of all."""

from __future__ import annotations

import re

import pytest

from idp.web.device import device_label
from tests.flows.conftest import Browser, Provider, csrf_of, query_of

PHONE = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile"


def _is_in(browser: Browser) -> bool:
    return "code" in query_of(browser.authorize(prompt="none").headers["location"])


def _signed_in(provider: Provider, agent: str) -> Browser:
    browser = provider.browser()
    browser.http.headers["user-agent"] = agent
    browser.code()
    return browser


def test_the_list_and_sign_out_of_one(provider: Provider) -> None:
    phone, desk = _signed_in(provider, PHONE), _signed_in(provider, "curl/8")
    page = desk.http.get("/account")
    listed = page.text.split('id="devices"')[1].split("</ul>")[0]
    assert "Chrome · Android" in listed and "Thiết bị này" in listed
    assert PHONE not in page.text
    (sid, *_) = re.findall(r'name="sid" value="([^"]+)"', listed)
    desk.http.post("/account/devices/sign-out", data={"csrf": csrf_of(page), "sid": sid})
    assert not _is_in(phone)
    assert _is_in(desk)
    desk.http.post("/account/sign-out", data={"csrf": csrf_of(page)})


def test_sign_out_everywhere(provider: Provider) -> None:
    browsers = [_signed_in(provider, PHONE) for _ in range(3)]
    page = browsers[0].http.get("/account")
    browsers[0].http.post("/account/sign-out-everywhere", data={"csrf": csrf_of(page)})
    assert [_is_in(browser) for browser in browsers] == [False, False, False]


def test_a_foreign_session_cannot_be_ended(provider: Provider) -> None:
    mine = _signed_in(provider, PHONE)
    visitor = provider.browser()
    csrf = csrf_of(visitor.http.get("/logout"))
    with provider.services.store.read() as tx:
        account = tx.accounts.by_number(provider.number)
        assert account
        sid = tx.sessions.of_account(account.account_id)[0].sid
    visitor.http.post("/account/devices/sign-out", data={"csrf": csrf, "sid": sid})
    assert _is_in(mine)
    assert mine.http.post("/account/devices/sign-out", data={"csrf": "wrong", "sid": sid}).status_code == 403


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (PHONE, "Chrome · Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Version/17.4 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/124.0 Safari/537.36 Edg/124.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", "Firefox · Linux"),
        ("curl/8", ""),
    ],
)
def test_labels_are_coarse(agent: str, label: str) -> None:
    assert device_label(agent) == label
