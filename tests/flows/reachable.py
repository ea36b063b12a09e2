"""A provider that can send e-mail and SMS, with both ends of it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn

from examples.demo.sms_gateway import TOKEN_VARIABLE
from examples.demo.sms_gateway import create_app as create_gateway
from idp.app import create_app as create_provider
from idp.domain.contact import CHANNELS
from idp.usecases.contact import DAY
from idp.usecases.send_messages import send_next
from idp.usecases.services import Services
from tests.flows.mailbox import Mailbox, receiving_mail
from tests.flows.receiver import wait_until

if TYPE_CHECKING:  # which itself imports the fixtures below
    from tests.flows.conftest import Browser, Provider

PHONE = "0912 345 678"


@dataclass
class Reachable:
    """A provider that can send, both ends of it, and its clock."""

    provider: Provider
    mailbox: Mailbox
    sms: str
    ahead: int = 0  # seconds of the provider's clock before ours

    def __post_init__(self) -> None:
        state = self.provider.app.state
        state.services = replace(self.provider.services, clock=lambda: int(time.time()) + self.ahead)

    @property
    def services(self) -> Services:
        services: Services = self.provider.app.state.services
        return services

    def reset(self) -> None:
        """No address, no code, no message, no limit in the way."""
        self.ahead, self.mailbox.refuse = 0, ""
        now = self.services.clock()
        with self.services.store.begin() as tx:
            account = tx.accounts.by_number(self.provider.number)
            assert account is not None
            for channel in CHANNELS:
                tx.accounts.set_contact(account.account_id, channel, None)
                tx.contact_codes.remove(account.account_id, channel)
            for kind in ("messages", "failures"):
                tx.expired.delete(kind, now + DAY, tx.expired.find(kind, now + DAY, 100))

    def citizen(self) -> Browser:
        """The citizen, signed in."""
        browser = self.provider.browser()
        start = browser.http.get("/account").headers["location"]
        assert browser.sign_in(start).headers["location"] == "/account"
        return browser

    def deliver(self) -> None:
        """What the worker of ``idp serve`` does."""
        while send_next(self.services):
            pass

    def texts(self) -> list[dict[str, str]]:
        self.deliver()
        messages: list[dict[str, str]] = httpx.get(f"{self.sms}/messages").json()["messages"]
        return messages

    def sms_code(self) -> str:
        return re.findall(r"\b\d{6}\b", self.texts()[0]["text"])[0]

    def mail_code(self) -> str:
        self.deliver()
        return re.findall(r"\b\d{6}\b", self.mailbox.mails[-1].get_content())[0]

    def add_phone(self, browser: Browser) -> None:
        browser.submit("/account/contact/phone", value=PHONE)
        answer = browser.submit("/account/contact/phone/code", code=self.sms_code())
        assert answer.headers["location"] == "/account"


@pytest.fixture(scope="module")
def sms_url() -> Iterator[str]:
    """The demo's MOCK gateway as a real server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TOKEN_VARIABLE, "sms-token")
        server = uvicorn.Server(uvicorn.Config(create_gateway(), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with receiving_mail() as box:
        yield box


@pytest.fixture(scope="module")
def sending(provider: Provider, sms_url: str, mailbox: Mailbox) -> Reachable:
    """The installation once more, with both carriers in its settings."""
    settings = provider.app.state.settings.model_copy(
        update={
            "smtp_url": f"smtp://127.0.0.1:{mailbox.port}",
            "email_from": "id@province.example",
            "sms_url": f"{sms_url}/messages",
            "sms_token": "sms-token",
        }
    )
    app = create_provider(settings)
    return Reachable(replace(provider, app=app, services=app.state.services), mailbox, sms_url)


@pytest.fixture
def reachable(sending: Reachable) -> Reachable:
    sending.reset()
    return sending
