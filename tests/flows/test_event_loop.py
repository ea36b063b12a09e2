"""The hot endpoints run on the event loop and never block it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from idp.usecases.services import Services
from tests import loops
from tests.flows.conftest import REDIRECT, Provider, make_provider
from tests.postgres import PrivatePostgres

TOKEN = {"grant_type": "client_credentials"}


def test_another_writer_holds_up_neither_the_loop_nor_the_answer(tmp_path: Path) -> None:
    """While a transaction elsewhere keeps the database: other requests are answered, ours waits its turn."""
    provider = make_provider(tmp_path)
    client_id, secret = provider.add_client(grant_types=("client_credentials",))
    held, release = threading.Event(), threading.Event()

    def hold(services: Services) -> None:
        with services.store.begin() as tx:
            tx.audit.write("test.held", services.clock())
            held.set()
            release.wait(10)

    async def ask() -> tuple[float, int]:
        transport = httpx.ASGITransport(app=provider.app)
        async with httpx.AsyncClient(transport=transport, base_url=provider.services.issuer) as client:
            waiting = asyncio.create_task(client.post("/token", data=TOKEN, auth=(client_id, secret or "")))
            await asyncio.sleep(0.05)
            begun = time.perf_counter()
            assert (await client.get("/jwks")).status_code == 200
            seconds = time.perf_counter() - begun
            assert not waiting.done()
            release.set()
            return seconds, (await waiting).status_code

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold, provider.services)
        assert held.wait(10)
        seconds, status = loops.run(ask())
        holding.result(10)
    assert status == 200
    assert seconds < 5  # the writer above holds on for ten


def test_on_postgresql_the_hot_endpoints_stay_on_the_loop(
    postgres: PrivatePostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every statement they need is a prepared one: none of them is done again in a thread."""
    provider = make_provider(tmp_path, database_url=postgres.create_database())
    client_id, secret = provider.add_client(
        grant_types=("authorization_code", "refresh_token", "client_credentials"),
        access_token_format="opaque",
    )
    browser, auth = provider.browser(), (client_id, secret or "")
    code = browser.code(client_id=client_id, scope="openid profile offline_access", prompt="consent")
    monkeypatch.setattr(provider.services.store, "begin", None)
    monkeypatch.setattr(provider.services.store, "read", None)
    tokens = browser.exchange(code, auth=auth).json()
    refreshed = browser.http.post(
        "/token", data={"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}, auth=auth
    )
    assert refreshed.status_code == 200
    assert browser.http.post("/token", data=TOKEN, auth=auth).status_code == 200
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert browser.http.get("/userinfo", headers=bearer).status_code == 200
    known = {"token": tokens["access_token"]}
    assert browser.http.post("/introspect", data=known, auth=auth).json()["active"]
    assert browser.http.post("/revoke", data=known, auth=auth).status_code == 200
    assert not browser.http.post("/introspect", data=known, auth=auth).json()["active"]


def test_on_postgresql_a_login_stays_on_the_loop(
    postgres: PrivatePostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sign-in page, its form and the code that follows; only the password is compared in a thread."""
    provider = make_provider(tmp_path, database_url=postgres.create_database())
    provider.browser().code()  # consents
    monkeypatch.setattr(provider.services.store, "begin", None)
    monkeypatch.setattr(provider.services.store, "read", None)
    browser = provider.browser()
    assert browser.exchange(browser.code()).status_code == 200
    assert browser.authorize().headers["location"].startswith(REDIRECT)  # signed in by now


def test_the_start_loads_no_more_than_it_needs() -> None:
    """The pages' framework, the templates and the engine's client are a second of a start."""
    heavy = "{'fastapi', 'jinja2', 'httpx', 'passlib', 'alembic', 'asyncpg', 'onnxruntime', 'cv2'}"
    script = f"import sys, idp.app; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "[]\n"


def test_a_client_with_published_keys_is_served_by_a_thread(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its keys may have to be fetched; the loop never does that."""
    client_id, secret = provider.add_client(
        grant_types=("client_credentials",), jwks_uri="http://keys.localhost/jwks"
    )
    seen: list[str] = []
    store = provider.services.store
    before = store.begin
    monkeypatch.setattr(store, "begin", lambda: (seen.append(threading.current_thread().name), before())[1])
    answer = provider.browser().http.post("/token", data=TOKEN, auth=(client_id, secret or ""))
    assert answer.status_code == 200
    assert len(seen) == 1
