"""A real provider on a real registry, driven by an HTTP client that keeps cookies like a browser."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from click.testing import CliRunner
from starlette.testclient import TestClient

from ekyc.registry.embedded import open_registry
from idp.app import create_app
from idp.domain.models import Client
from idp.domain.pkce import s256
from idp.settings import Settings
from idp.usecases.create_citizen import create_citizen
from idp.usecases.create_client import create_client
from idp.usecases.services import Services
from tests.flows.reachable import mailbox, reachable, sending, sms_url  # noqa: F401

ISSUER = "http://id.localhost"
REDIRECT = "http://app.localhost/cb"
PASSWORD = "chè xanh Tân Cương"


class Portal:
    """One event loop for all browsers, as a server has one: connections to a database belong to it."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._portal: BlockingPortal | None = None

    def get(self) -> BlockingPortal:
        if self._portal is None:
            self._portal = self._stack.enter_context(start_blocking_portal())
        return self._portal

    def close(self) -> None:
        self._stack.close()
        self._portal = None


PORTAL = Portal()


@pytest.fixture(scope="session", autouse=True)
def portal() -> Iterator[None]:
    yield
    PORTAL.close()


@dataclass
class Provider:
    """A running installation with one citizen and one app."""

    app: Any
    services: Services
    client_id: str
    client_secret: str
    number: str
    spare_numbers: list[str] = field(default_factory=list)

    def spare_number(self) -> str:
        """Of a citizen without an account."""
        return self.spare_numbers.pop()

    def browser(self) -> Browser:
        return Browser(self)

    def commands(self) -> CliRunner:
        """Runs ``idp`` commands on this installation's database."""
        return CliRunner(env={"IDP_DATABASE_URL": self.app.state.settings.database_url})

    def add_client(self, **changes: Any) -> tuple[str, str | None]:
        draft = {
            "client_id": "",
            "name": "App",
            "redirect_uris": (REDIRECT,),
            "auth_method": "client_secret_basic",
        }
        made, secret = create_client(self.services, Client(**(draft | changes)))
        return made.client_id, secret


class Browser:
    """Follows nothing by itself; ``page`` is the last HTML page."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.http = TestClient(
            provider.app, base_url=ISSUER, follow_redirects=False, raise_server_exceptions=False
        )
        self.http.portal = PORTAL.get()
        self.verifier = secrets.token_urlsafe(48)

    def params(self, **changes: str | None) -> dict[str, str]:
        """A good authorization request with some parameters changed, or left out by None."""
        params: dict[str, str | None] = {
            "client_id": self.provider.client_id,
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": "openid profile",
            "state": "state-1",
            "nonce": "nonce-1",
            "code_challenge": s256(self.verifier),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (params | changes).items() if value is not None}

    def authorize(self, **changes: str | None) -> httpx.Response:
        return self.http.get("/authorize?" + urlencode(self.params(**changes)))

    def submit(self, path: str, **data: str) -> httpx.Response:
        """Opens the page and sends its form with the page's own CSRF token."""
        page = self.http.get(path)
        assert page.status_code == 200, page.text
        return self.http.post(path, data=data | {"csrf": csrf_of(page)})

    def sign_in(self, path: str, password: str = PASSWORD, number: str | None = None) -> httpx.Response:
        return self.submit(path, number=number or self.provider.number, password=password)

    def code(self, **changes: str | None) -> str:
        """The whole way to a code: signs in and consents where asked."""
        answer = self.authorize(**changes)
        for _ in range(3):
            target = answer.headers["location"]
            if target.startswith(REDIRECT):
                return query_of(target)["code"]
            if target.endswith("/sign-in"):
                answer = self.sign_in(target)
            elif target.endswith("/consent"):
                answer = self.submit(target, decision="allow")
        raise AssertionError(target)

    def exchange(self, code: str, /, **changes: Any) -> httpx.Response:
        data = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": self.verifier,
        }
        auth = changes.pop("auth", (self.provider.client_id, self.provider.client_secret))
        data = {name: value for name, value in (data | changes).items() if value is not None}
        return self.http.post("/token", data=data, auth=auth)


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def csrf_of(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
    assert found, page.text
    return found.group(1)


@pytest.fixture(scope="session", autouse=True)
def quick_citizens() -> Iterator[None]:
    """The citizens of these tests send their frames as fast as they can be judged."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EKYC_MIN_ACTION_SECONDS", "0")
        yield


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory, provider_database: str) -> Provider:
    return make_provider(tmp_path_factory.mktemp("provider"), database_url=provider_database)


def make_provider(data: Path, **settings: Any) -> Provider:
    registry = open_registry(data)
    registry.seed(60, seed=1)
    samples = registry.sample_numbers()
    number = samples["04"]
    spare = [samples[name] for name in ("05", "06", "07", "08", "10")]
    registry.close()
    app = create_app(Settings(data=data, **({"issuer": ISSUER} | settings)))
    services: Services = app.state.services
    create_citizen(services, number=number, password=PASSWORD)
    draft = Client("", "Dịch vụ công", (REDIRECT,), "client_secret_basic", ("http://app.localhost/",))
    client, secret = create_client(services, draft)
    assert secret
    return Provider(app, services, client.client_id, secret, number, spare)


@pytest.fixture
def browser(provider: Provider) -> Browser:
    return provider.browser()
