"""A provider on a real port and a citizen's browser, for relying parties that others wrote."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from ekyc.registry.embedded import open_registry
from ekyc.registry.person import Person
from idp.app import create_app
from idp.domain.models import Client
from idp.settings import Settings
from idp.usecases.create_citizen import create_citizen
from idp.usecases.create_client import create_client
from idp.usecases.services import Services

PASSWORD = "mùa cốm làng Vòng"
_SAMPLES = ("04", "05", "06")


@dataclass
class Running:
    """The provider as its clients see it; ``people`` have an account and PASSWORD."""

    issuer: str
    services: Services
    people: list[Person] = field(default_factory=list)

    def citizen(self) -> Person:
        """People take turns: nobody has met a new client before, and each test's browser is a fresh one."""
        self.people.append(self.people.pop(0))
        return self.people[-1]

    def client(self, *redirect_uris: str, **metadata: Any) -> tuple[str, str]:
        """(client_id, client_secret), the secret empty for a public client."""
        draft = {"client_id": "", "name": "Ứng dụng", "auth_method": "client_secret_basic"} | metadata
        made, secret = create_client(self.services, Client(**draft, redirect_uris=redirect_uris))
        return made.client_id, secret or ""


class CitizenBrowser:
    """Follows redirects by hand and keeps each server's cookies apart, ports included."""

    def __init__(self) -> None:
        self._servers: dict[str, httpx.Client] = {}
        self.url = ""

    def go(self, url: str, until: str | None = None, **form: str) -> httpx.Response:
        """The page at the end of the redirects, or the redirect to ``until`` itself."""
        for _ in range(15):
            self.url = url
            server = httpx.URL(url).netloc.decode()
            http = self._servers.setdefault(server, httpx.Client(timeout=30))
            origin = {"Origin": f"http://{server}"}
            answer = http.post(url, data=form, headers=origin) if form else http.get(url)
            if answer.status_code not in (302, 303, 307):
                return answer
            url, form = str(httpx.URL(url).join(answer.headers["location"])), {}
            if until and url.startswith(until):
                self.url = url
                return answer
        raise AssertionError("too many redirects")

    def submit(self, page: httpx.Response, until: str | None = None, **fields: str) -> httpx.Response:
        """Sends the provider's form on ``page``."""
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
        action = re.search(r'<form method="post" action="([^"]+)"', page.text)
        assert token, f"{self.url}: {page.text}"
        assert action, f"{self.url}: {page.text}"
        return self.go(str(httpx.URL(self.url).join(action[1])), until, csrf=token[1], **fields)

    def sign_in(self, start: str, person: Person, until: str | None = None) -> httpx.Response:
        """From an address that leads to the sign-in page, through consent, back to the app."""
        page = self.go(start)
        assert 'id="sign-in"' in page.text, f"{self.url}: {page.text}"
        consent = self.submit(page, number=person.number, password=PASSWORD)
        assert self.url.endswith("/consent"), f"{self.url}: {consent.text}"
        return self.submit(consent, until, decision="allow")

    def close(self) -> None:
        for http in self._servers.values():
            http.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, explain: Callable[[], str] = str, seconds: float = 20) -> None:
    """Until something answers HTTP at ``url``."""
    end = time.monotonic() + seconds
    while True:
        try:
            httpx.get(url)
            return
        except httpx.TransportError:
            assert time.monotonic() < end, f"nothing answers at {url}\n{explain()}"
            time.sleep(0.05)


@contextmanager
def serving(app: Any, port: int) -> Iterator[None]:
    """An ASGI application on a port, in a thread."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    yield
    server.should_exit = True
    thread.join(10)


@contextmanager
def running(data: Path, host: str) -> Iterator[Running]:
    """A provider at a free port of ``host``."""
    registry = open_registry(data)
    registry.seed(40, seed=1)
    samples = registry.sample_numbers()
    people = [registry.person(samples[name]) for name in _SAMPLES]
    registry.close()
    issuer = f"http://{host}:{(port := free_port())}"
    app = create_app(Settings(data=data, issuer=issuer))
    for person in people:
        create_citizen(app.state.services, number=person.number, password=PASSWORD)
    with serving(app, port):
        yield Running(issuer, app.state.services, people)


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("clients"), "127.0.0.1") as started:
        yield started


@pytest.fixture
def browser() -> Iterator[CitizenBrowser]:
    opened = CitizenBrowser()
    yield opened
    opened.close()
