"""What a developer meets first: settings, the README, a provider that is away."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from motcham import ConfigurationError
from motcham.fastapi import MotCham

from tests.unit.sdk.conftest import city_app
from tests.unit.sdk.peer import CLIENT_ID, CLIENT_SECRET, Peer, Server

ROOT = Path(__file__).parents[3]
GOOD = {"issuer": "http://id.localhost:1", "client_id": "app", "client_secret": "s" * 32}
VARIABLES = {
    "MOTCHAM_ISSUER": "issuer",
    "MOTCHAM_CLIENT_ID": "client_id",
    "MOTCHAM_CLIENT_SECRET": "client_secret",
}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("MOTCHAM_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(("variable", "argument"), VARIABLES.items())
def test_a_missing_setting_is_named(variable: str, argument: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = {k: v for k, v in GOOD.items() if k != argument}
    with pytest.raises(ConfigurationError, match=f"{variable} is not set") as raised:
        MotCham(FastAPI(), **rest)  # type: ignore[arg-type]
    assert raised.value.code == "setting_missing"
    monkeypatch.setenv(variable, GOOD[argument])
    MotCham(FastAPI(), **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({**GOOD, "issuer": "http://id.example.vn"}, "MOTCHAM_ISSUER"),
        ({**GOOD, "issuer": "id.example.vn"}, "MOTCHAM_ISSUER"),
        ({**GOOD, "base_url": "http://app.example.vn"}, "MOTCHAM_BASE_URL"),
        ({**GOOD, "cookie_secret": "short"}, "MOTCHAM_COOKIE_SECRET"),
        ({"issuer": GOOD["issuer"], "client_id": "app", "public": True}, "MOTCHAM_COOKIE_SECRET"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named) as raised:
        MotCham(FastAPI(), **settings)  # type: ignore[arg-type]
    assert GOOD["client_secret"] not in str(raised.value)


def test_the_readme_works_in_five_lines(
    peer: Peer, tab: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = (ROOT / "sdk/python/README.md").read_text(encoding="utf-8")
    source = re.search(r"```python\n(.*?)```", readme, re.S)
    assert source
    monkeypatch.setenv("MOTCHAM_ISSUER", peer.issuer)
    monkeypatch.setenv("MOTCHAM_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("MOTCHAM_CLIENT_SECRET", CLIENT_SECRET)
    names: dict[str, object] = {}
    exec(compile(source[1], "README.md", "exec"), names)
    app = names["app"]
    assert isinstance(app, FastAPI)
    ours = [line for line in source[1].splitlines() if "otcham" in line.lower() or "itizen" in line]
    assert len(ours) <= 5
    with Server(app) as server:
        page = tab.get(f"http://app.localhost:{server.port}/me")
        assert page.status_code == 200
        assert "Nguyễn Thị Ngọc Ánh" in page.text


def test_a_provider_that_is_away_ends_on_a_page_and_heals(tab: httpx.Client, peer: Peer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    app, motcham = city_app(f"http://id.localhost:{closed}")
    with Server(app) as server:
        page = tab.get(f"http://app.localhost:{server.port}/me")
    motcham.close()
    assert page.status_code == 503
    assert page.headers["retry-after"] == "30"
    assert "provider_unavailable" in page.text
    assert 'lang="en"' in page.text


def test_a_provider_that_never_answers_is_given_up(tab: httpx.Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        app, motcham = city_app(f"http://id.localhost:{mute.getsockname()[1]}", timeout=0.3)
        with Server(app) as server:
            page = tab.get(f"http://app.localhost:{server.port}/me")
        motcham.close()
    assert page.status_code == 503


def test_discovery_is_tried_again_after_a_failure(tab: httpx.Client, peer: Peer) -> None:
    peer.do.discovery_status = 500
    app, motcham = city_app(peer.issuer)
    with Server(app) as server:
        url = f"http://app.localhost:{server.port}/me"
        assert tab.get(url).status_code == 503
        peer.do.discovery_status = 200
        assert tab.get(url).status_code == 200
    motcham.close()


def test_a_published_path_is_kept(tab: httpx.Client, peer: Peer) -> None:
    app, motcham = city_app(peer.issuer, base_url="https://city.example.vn/bao-hong/")
    assert motcham.sign_in_url("/bao-hong/me") == "/bao-hong/motcham/sign-in?return_to=%2Fbao-hong%2Fme"
    with Server(app) as server:
        answer = tab.get(f"http://app.localhost:{server.port}/motcham/sign-in", follow_redirects=False)
    motcham.close()
    assert answer.status_code == 303
    (pushed,) = peer.pushed.values()
    assert pushed["redirect_uri"] == "https://city.example.vn/bao-hong/motcham/callback"
    cookie = answer.headers["set-cookie"].lower()
    assert "path=/bao-hong" in cookie
    assert "secure" in cookie.split("; ")


def test_an_app_without_motcham_says_what_is_missing(tab: httpx.Client) -> None:
    from motcham.fastapi import Signed

    app = FastAPI()

    @app.exception_handler(ConfigurationError)
    def shown(_: object, error: Exception) -> httpx.Response:
        raise error

    @app.get("/me")
    def me(citizen: object = Signed()) -> str:
        return "never"

    with Server(app) as server:
        assert tab.get(f"http://app.localhost:{server.port}/me").status_code == 500


def test_importing_does_nothing(tmp_path: Path) -> None:
    """No threads, no connections, no settings read: checked in a fresh interpreter."""
    code = (
        "import sys, socket, threading\n"
        "socket.socket.connect = socket.socket.bind = None\n"
        "import motcham\n"
        "assert 'fastapi' not in sys.modules and 'httpx' not in sys.modules\n"
        "import motcham.fastapi\n"
        "assert threading.active_count() == 1\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env={})
    assert done.returncode == 0, done.stderr


def test_buttons_are_escaped_and_translated() -> None:
    motcham = MotCham(FastAPI(), **GOOD)  # type: ignore[arg-type]
    button = motcham.button('/x?"><script>', lang="en")
    assert "<script>" not in button
    assert 'lang="en">Sign in with Một Chạm</a>' in button
    assert button.__html__() == button
    form = motcham.sign_out_button()
    assert 'method="post" action="/motcham/sign-out"' in form
    assert "Đăng xuất" in form
