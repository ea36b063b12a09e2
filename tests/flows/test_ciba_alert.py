"""A citizen with a proven address hears that an app waits for their answer."""

from __future__ import annotations

import pytest

from idp.usecases.ciba.alert import A_DAY, PAUSE
from tests.flows.ciba import Asking, asking, decide, forget
from tests.flows.conftest import ISSUER
from tests.flows.reachable import Reachable


@pytest.fixture
def app(reachable: Reachable) -> Asking:
    forget(reachable.provider)
    return asking(reachable.provider)


def test_the_phone_rings_before_the_mailbox(reachable: Reachable, app: Asking) -> None:
    browser = reachable.citizen()
    reachable.add_phone(browser)
    app.started(binding_message="http://evil.example")
    text = reachable.texts()[0]
    assert text["to"] == "+84912345678"
    assert f"{ISSUER}/account/requests" in text["text"]
    assert "Tổng đài 1022" in text["text"]
    assert "evil" not in text["text"]
    assert 'id="allowed"' in browser.http.get(decide(browser)).text


def test_an_app_that_goes_on_asking_does_not_flood_the_phone(reachable: Reachable, app: Asking) -> None:
    reachable.add_phone(reachable.citizen())
    before = len(reachable.texts())
    app.started()
    app.started()
    assert len(reachable.texts()) == before + 1
    for _ in range(A_DAY + 1):
        reachable.ahead += 20 * PAUSE
        app.started()
        reachable.deliver()
    assert len(reachable.texts()) == before + A_DAY


def test_without_an_address_nothing_leaves(reachable: Reachable, app: Asking) -> None:
    before = len(reachable.texts()), len(reachable.mailbox.mails)
    app.started()
    assert (len(reachable.texts()), len(reachable.mailbox.mails)) == before
