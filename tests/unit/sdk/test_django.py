"""The Django adapter: a served site, a served provider, a browser's cookies."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.unit.sdk.conftest import browser
from tests.unit.sdk.peer import CLIENT_ID, CLIENT_SECRET, Peer
from tests.unit.sdk.test_backchannel_logout import logout_claims

SITE = Path(__file__).with_name("django_city.py")


@pytest.fixture(scope="module")
def site(served_peer: Peer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = os.environ | {
        "DATABASE": str(tmp_path_factory.mktemp("site") / "site.db"),
        "MOTCHAM_ISSUER": served_peer.issuer,
        "MOTCHAM_CLIENT_ID": CLIENT_ID,
        "MOTCHAM_CLIENT_SECRET": CLIENT_SECRET,
    }
    command = [sys.executable, str(SITE), str(port)]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield f"http://so.localhost:{port}"
        process.terminate()


@pytest.fixture
def peer(served_peer: Peer) -> Peer:
    """Correct again, with the keys that the site knows."""
    keys = served_peer.keys
    served_peer.reset()
    served_peer.keys = keys
    return served_peer


def test_sign_in_and_back_to_the_same_address(site: str, tab: httpx.Client, peer: Peer) -> None:
    assert "Đăng nhập Một Chạm" in tab.get(f"{site}/").text
    page = tab.get(f"{site}/me?q=đèn%20đường")
    assert page.json() == {"sub": "pairwise-1", "level": 1, "q": "đèn đường"}
    assert peer.asked[0]["redirect_uri"] == f"{site}/motcham/callback"
    assert tab.get(f"{site}/").text == "hello Nguyễn Thị Ngọc Ánh"


def test_a_view_may_ask_for_a_level(site: str, tab: httpx.Client, peer: Peer) -> None:
    assert tab.get(f"{site}/level2").json() == {"level": 2}
    assert peer.asked[-1]["acr_values"] == "vn-ekyc-2"


def test_scripts_get_problem_details(site: str, tab: httpx.Client, peer: Peer) -> None:
    answer = tab.get(f"{site}/level2", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")
    assert answer.headers["content-type"] == "application/problem+json"


def test_django_s_login_required_knows_the_citizen(site: str, tab: httpx.Client, peer: Peer) -> None:
    assert tab.get(f"{site}/mine").json() == {"user": "pairwise-1", "password": False}
    assert tab.get(f"{site}/mine").status_code == 200  # the same user again


def test_signing_out(site: str, tab: httpx.Client, peer: Peer) -> None:
    tab.get(f"{site}/me")
    assert tab.post(f"{site}/motcham/sign-out", headers={"Origin": "https://evil.example"}).status_code == 403
    tab.post(f"{site}/motcham/sign-out", headers={"Origin": site}, follow_redirects=False)
    assert "Đăng nhập Một Chạm" in tab.get(f"{site}/").text


def test_a_sign_out_elsewhere_ends_the_session(site: str, tab: httpx.Client, peer: Peer) -> None:
    peer.do.id_token = lambda claims: claims | {"sid": f"s{time.time()}"}
    tab.get(f"{site}/me")
    token = peer.keys[0].sign(logout_claims(peer, sid=None))
    with browser() as provider:
        sent = provider.post(f"{site}/motcham/backchannel-logout", data={"logout_token": token})
    assert sent.status_code == 200
    assert "Đăng nhập Một Chạm" in tab.get(f"{site}/").text


@pytest.mark.parametrize(("path", "status"), [("nothing", 404), ("callback", 400), ("button.css", 200)])
def test_other_addresses(site: str, tab: httpx.Client, peer: Peer, path: str, status: int) -> None:
    assert tab.get(f"{site}/motcham/{path}").status_code == status
    assert tab.put(f"{site}/motcham/{path}").status_code == 404
