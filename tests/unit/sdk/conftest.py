from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from motcham._loopback import loopback_mounts
from motcham.fastapi import Citizen, MaybeSigned, MotCham, Signed
from starlette.types import Receive, Scope, Send

from tests.unit.sdk.peer import CLIENT_ID, CLIENT_SECRET, Peer, Server

_CONTEXT = httpx.create_ssl_context()


@dataclass
class City:
    """A city app on the SDK, served; ``url`` is its address."""

    url: str
    motcham: MotCham


def browser() -> httpx.Client:
    """Cookies and redirects like a browser's; ``*.localhost`` resolves as in Chromium."""
    return httpx.Client(
        verify=_CONTEXT,
        mounts=loopback_mounts(_CONTEXT),
        headers={"Accept": "text/html"},
        follow_redirects=True,
    )


def city_app(issuer: str, **settings: object) -> tuple[FastAPI, MotCham]:
    app = FastAPI()
    motcham = MotCham(
        app,
        issuer=issuer,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        **settings,  # type: ignore[arg-type]
    )

    @app.get("/", response_class=HTMLResponse)
    def home(citizen: Citizen | None = MaybeSigned()) -> str:
        return f"hello {citizen.name}" if citizen else motcham.button("/me")

    @app.get("/me")
    def me(citizen: Citizen = Signed(), q: str = "") -> dict[str, object]:
        return {"sub": citizen.sub, "name": citizen.name, "level": citizen.level, "q": q}

    @app.post("/report")
    def report(citizen: Citizen = Signed()) -> dict[str, object]:
        return {"by": citizen.sub}

    @app.get("/file/{name}")
    def file(name: str, citizen: Citizen = Signed()) -> dict[str, object]:
        return {"name": name}

    @app.get("/level2")
    def level2(citizen: Citizen = Signed(level=2)) -> dict[str, object]:
        return {"level": citizen.level}

    @app.get("/address")
    def address(citizen: Citizen = Signed(scope="address")) -> dict[str, object]:
        return {"address": str(citizen.address)}

    @app.get("/again")
    def again(citizen: Citizen = Signed(max_age=300)) -> dict[str, object]:
        return {"sub": citizen.sub}

    return app, motcham


@pytest.fixture(scope="session")
def served_peer() -> Iterator[Peer]:
    peer = Peer()
    with Server(peer.app()) as server:
        peer.issuer = f"http://id.localhost:{server.port}"
        yield peer


@pytest.fixture
def peer(served_peer: Peer) -> Peer:
    served_peer.reset()
    return served_peer


class Switch:
    """One served address, another app for each test."""

    app: FastAPI

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def served_city() -> Iterator[tuple[Switch, str]]:
    switch = Switch()
    with Server(switch) as server:
        yield switch, f"http://phan-anh.localhost:{server.port}"


@pytest.fixture
def city(peer: Peer, served_city: tuple[Switch, str]) -> Iterator[City]:
    switch, url = served_city
    switch.app, motcham = city_app(peer.issuer)
    yield City(url, motcham)
    motcham.close()


@pytest.fixture
def tab() -> Iterator[httpx.Client]:
    with browser() as client:
        yield client
