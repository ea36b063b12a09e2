"""Nobody learns from an answer, or from the work behind it, who has an account here (OWASP ASVS 2.2.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import pytest

from idp.domain.errors import PageError
from idp.ports import PasswordHasher
from idp.usecases import sign_in
from tests.flows.conftest import Browser, Provider

NOBODY = "019304555555"


@dataclass
class Counted:
    """The real hasher, and what it was asked: each check costs the same tenth of a second."""

    inner: PasswordHasher
    stored: list[bool] = field(default_factory=list)

    def hash(self, password: str) -> str:
        return self.inner.hash(password)

    def verify(self, password: str, stored: str | None) -> bool:
        self.stored.append(stored is not None)
        return self.inner.verify(password, stored)


def test_sign_in_works_as_hard_for_nobody(provider: Provider, browser: Browser) -> None:
    hasher = Counted(provider.services.passwords)
    services = replace(provider.services, passwords=hasher)
    page = browser.authorize().headers["location"]
    browser.http.get(page)
    refused = []
    for number in (provider.number, NOBODY):
        with pytest.raises(PageError) as error:
            sign_in.with_password(
                services,
                page.split("/")[2],
                number=number,
                password="wrong",
                browser=browser.http.cookies["mc_browser"],
                address="192.0.2.1",
                old_token=None,
            )
        refused.append((error.value.code, error.value.status))
    assert refused == [("login_failed", 401)] * 2
    assert hasher.stored == [True, False]


def test_the_sign_in_page_looks_the_same(provider: Provider, browser: Browser) -> None:
    page = browser.authorize().headers["location"]
    known, unknown = (browser.sign_in(page, password="wrong", number=n) for n in (provider.number, NOBODY))
    assert known.status_code == unknown.status_code == 401

    def shown(text: str) -> str:
        return re.sub(r"[0-9a-f]{16,}|\d{12}", "", text)

    assert shown(known.text) == shown(unknown.text)


def test_a_hint_in_an_address_tells_nothing(provider: Provider, browser: Browser) -> None:
    """``prompt=none`` with somebody's number: the same error whoever it is."""
    answers = [
        browser.http.post("/authorize", data=browser.params(prompt="none", login_hint=number))
        for number in (provider.number, NOBODY)
    ]
    assert answers[0].headers["location"] == answers[1].headers["location"]


def test_registrations_cannot_be_probed(provider: Provider, browser: Browser) -> None:
    """RFC 7592, section 2: an unknown client and a wrong token look alike."""
    wrong = {"Authorization": "Bearer x"}
    known, unknown = (
        browser.http.get(f"/register/{name}", headers=wrong) for name in (provider.client_id, "nobody")
    )
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
