"""The SDK against the real provider over HTTP, so that the two cannot drift."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from motcham.fastapi import Citizen, MaybeSigned, MotCham, Signed

from ekyc.registry.embedded import open_registry
from ekyc.registry.person import Person
from idp.app import create_app
from idp.domain.models import Client
from idp.settings import Settings
from idp.usecases.create_citizen import create_citizen
from idp.usecases.create_client import create_client
from tests.flows.receiver import wait_until

PASSWORD = "nắng mới trên đồi"


@dataclass
class World:
    """Provider and app on loopback, on two sites."""

    issuer: str
    app: str
    people: list[Person]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(app: FastAPI, port: int) -> uvicorn.Server:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    for _ in range(200):
        if server.started:
            return server
        time.sleep(0.05)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    data: Path = tmp_path_factory.mktemp("contract")
    registry = open_registry(data)
    registry.seed(40, seed=1)
    people = [registry.person(registry.sample_numbers()[sample]) for sample in ("09", "10")]
    registry.close()
    ports = _free_port(), _free_port()
    issuer, base = (
        f"http://{name}.localhost:{port}" for name, port in zip(("id", "app"), ports, strict=True)
    )
    provider = create_app(Settings(data=data, issuer=issuer))
    services = provider.state.services
    for person in people:
        create_citizen(services, number=person.number, password=PASSWORD)
    draft = Client(
        "",
        "App",
        (f"{base}/motcham/callback",),
        "client_secret_basic",
        (f"{base}/",),
        backchannel_logout_uri=f"{base}/motcham/backchannel-logout",
    )
    client, secret = create_client(services, draft)

    app = FastAPI()
    MotCham(
        app, issuer=issuer, client_id=client.client_id, client_secret=secret, scope="openid profile address"
    )

    @app.get("/")
    def home(citizen: Citizen | None = MaybeSigned()) -> dict[str, str | None]:
        return {"name": citizen.name if citizen else None}

    @app.get("/me")
    def me(citizen: Citizen = Signed(level=2)) -> dict[str, object]:
        return {
            "name": citizen.name,
            "given": citizen.given_name,
            "born": str(citizen.birthdate),
            "level": citizen.level,
            "region": citizen.address.region if citizen.address else None,
            "number": citizen.personal_number,
        }

    servers = [_serve(provider, ports[0]), _serve(app, ports[1])]
    yield World(issuer, base, people)
    for server in servers:
        server.should_exit = True


class Loopback(httpx.HTTPTransport):
    """Resolves ``*.localhost`` as browsers do."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_with(host="127.0.0.1")  # the Host header stays
        return super().handle_request(
            httpx.Request(request.method, url, headers=request.headers, stream=request.stream)
        )


class Phone:
    """A browser: follows redirects by hand, keeps each site's cookies apart."""

    def __init__(self) -> None:
        self._sites: dict[str, httpx.Client] = {}

    def go(self, url: str, **form: str) -> httpx.Response:
        for _ in range(12):
            site = httpx.URL(url).netloc.decode()
            http = self._sites.setdefault(site, httpx.Client(transport=Loopback()))
            origin = {"Origin": str(httpx.URL(url).copy_with(raw_path=b"/")).rstrip("/")}
            answer = http.post(url, data=form, headers=origin) if form else http.get(url)
            if answer.status_code not in (302, 303, 307):
                self.url = url
                return answer
            url, form = str(httpx.URL(url).join(answer.headers["location"])), {}
        raise AssertionError("too many redirects")

    def submit(self, page: httpx.Response, **fields: str) -> httpx.Response:
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
        assert token, page.text
        return self.go(self.url, csrf=token[1], **fields)


def test_sign_in_typed_citizen_and_sign_out(world: World) -> None:
    phone, person = Phone(), world.people[0]
    assert phone.go(world.app + "/").json() == {"name": None}
    sign_in = phone.go(world.app + "/me")
    assert phone.url.startswith(world.issuer)
    consent = phone.submit(sign_in, number=person.number, password=PASSWORD)
    assert phone.url.endswith("/consent")
    me = phone.submit(consent, decision="allow").json()
    assert me == {
        "name": person.full_name,
        "given": person.full_name.split()[-1],
        "born": person.date_of_birth.isoformat(),
        "level": 2,
        "region": person.place_of_residence.rsplit(", ", 1)[1],
        "number": None,
    }
    assert phone.go(world.app + "/").json() == {"name": person.full_name}
    phone.go(world.app + "/motcham/sign-out", really="yes")
    assert phone.go(world.app + "/").json() == {"name": None}
    assert phone.go(world.issuer + "/account").text.count('id="sign-in"') == 1  # signed out there as well


def test_a_sign_out_at_the_provider_ends_the_session_in_the_app(world: World) -> None:
    phone, person = Phone(), world.people[0]
    page = phone.submit(phone.go(world.app + "/me"), number=person.number, password=PASSWORD)
    if phone.url.endswith("/consent"):
        phone.submit(page, decision="allow")
    assert phone.go(world.app + "/").json() == {"name": person.full_name}
    account = phone.go(world.issuer + "/account")
    phone.url = world.issuer + "/account/sign-out"
    phone.submit(account)
    wait_until(lambda: phone.go(world.app + "/").json() == {"name": None})


def test_refusing_ends_on_a_friendly_page(world: World) -> None:
    phone = Phone()
    consent = phone.submit(phone.go(world.app + "/me"), number=world.people[1].number, password=PASSWORD)
    assert phone.url.endswith("/consent")
    answer = phone.submit(consent, decision="deny")
    assert phone.url.startswith(world.app)
    assert answer.status_code == 403
