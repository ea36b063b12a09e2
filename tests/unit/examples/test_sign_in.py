"""Sign-in and sign-out through a served provider: what a citizen's browser goes through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from examples.dich_vu_cong import app as dich_vu_cong_app
from examples.dich_vu_cong.settings import Settings as DichVuCongSettings
from examples.phan_anh import app as phan_anh_app
from examples.phan_anh.settings import Settings as PhanAnhSettings
from tests.unit.examples.conftest import CLAIMS, value
from tests.unit.sdk.conftest import browser as open_tab
from tests.unit.sdk.peer import CLIENT_ID, CLIENT_SECRET, Peer, Server

FORM = "/thu-tuc/cap-ban-sao-trich-luc-khai-sinh/to-khai"


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setenv("MOTCHAM_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("MOTCHAM_CLIENT_SECRET", CLIENT_SECRET)
    peer = Peer()
    peer.do.claims = dict(CLAIMS)
    with Server(peer.app()) as server:
        peer.issuer = f"http://id.localhost:{server.port}"
        yield peer


@contextmanager
def visit(app: FastAPI, host: str) -> Iterator[httpx.Client]:
    """A browser at the served app."""
    with Server(app) as server, open_tab() as browser:
        browser.base_url = httpx.URL(f"http://{host}.localhost:{server.port}")
        yield browser


def test_signing_in_from_the_form_comes_back_to_the_form_filled(peer: Peer, tmp_path: Path) -> None:
    app = dich_vu_cong_app.create_app(DichVuCongSettings(tmp_path, peer.issuer))
    with visit(app, "dich-vu-cong") as browser:
        before = browser.get(FORM)
        assert "motcham-button" in before.text
        page = browser.get("/motcham/sign-in", params={"return_to": FORM})
        assert page.url.path == FORM
        assert value(page.text, "full_name") == CLAIMS["name"]
        assert value(page.text, "personal_number") == CLAIMS["vn_personal_number"]
        assert peer.asked[0]["scope"] == "openid profile address vn_personal_number"


def test_signing_out_leaves_the_app_and_the_provider(peer: Peer, tmp_path: Path) -> None:
    app = phan_anh_app.create_app(PhanAnhSettings(tmp_path, peer.issuer))
    with visit(app, "phan-anh") as browser:
        assert CLAIMS["name"] in browser.get("/motcham/sign-in", params={"return_to": "/"}).text
        assert peer.asked[0]["scope"] == "openid profile"
        browser.follow_redirects = False
        own = {"Origin": str(browser.base_url).rstrip("/")}
        assert (
            browser.post("/motcham/sign-out", headers={"Origin": "http://evil.localhost"}).status_code == 403
        )
        assert CLAIMS["name"] in browser.get("/").text
        out = browser.post("/motcham/sign-out", headers=own)
        assert out.headers["location"].startswith(f"{peer.issuer}/logout?")
        assert CLAIMS["name"] not in browser.get("/").text
