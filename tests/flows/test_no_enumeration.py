"""Nobody learns from an answer, or from the work behind it, who has an account here (OWASP ASVS 2.2.1)."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field, replace

import pytest

from idp.ports import PasswordHasher
from tests.flows.conftest import Browser, Provider

NOBODY = "019304555555"


@dataclass
class Counted:
    """The real hasher, and what it was asked: each check costs the same tenth of a second."""

    quick = False
    inner: PasswordHasher
    stored: list[bool] = field(default_factory=list)

    def hash(self, password: str) -> str:
        return self.inner.hash(password)

    def verify(self, password: str, stored: str | None) -> bool:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()  # never there: it takes too long
        self.stored.append(stored is not None)
        return self.inner.verify(password, stored)


def test_sign_in_works_as_hard_for_nobody(provider: Provider, browser: Browser) -> None:
    hasher = Counted(provider.services.passwords)
    provider.app.state.services = replace(provider.services, passwords=hasher)
    try:
        page = browser.authorize().headers["location"]
        answers = [browser.sign_in(page, password="wrong", number=n) for n in (provider.number, NOBODY)]
    finally:
        provider.app.state.services = provider.services
    assert [answer.status_code for answer in answers] == [401, 401]
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
