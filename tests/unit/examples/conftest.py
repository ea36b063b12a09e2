"""Both city apps on real databases, a browser's cookies, and citizens already signed in."""

from __future__ import annotations

import re
import time
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from motcham.session import Session

from examples.dich_vu_cong import app as dich_vu_cong_app
from examples.dich_vu_cong.settings import Settings as DichVuCongSettings
from examples.phan_anh import app as phan_anh_app
from examples.phan_anh.settings import Settings as PhanAnhSettings

ISSUER = "http://id.localhost:8400"
CLAIMS: dict[str, Any] = {
    "sub": "pairwise-1",
    "name": "Nguyễn Thị Ngọc Ánh",
    "birthdate": "1990-02-28",
    "gender": "female",
    "vn_personal_number": "019190012345",
    "place_of_birth": {"formatted": "Xã Đại Từ, tỉnh Thái Nguyên"},
    "address": {"formatted": "Tổ 5\nPhường Phan Đình Phùng\nThái Nguyên"},
}


def open_browser(app: FastAPI, claims: dict[str, Any] | None) -> TestClient:
    """A browser at ``app``; with ``claims`` it already holds the session that a sign-in would have left."""
    client = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
    client.headers["Accept"] = "text/html"
    if claims is not None:
        now = int(time.time())
        session = Session(claims, ("openid", "profile"), None, now, now + 3600)
        for cookie in app.state.motcham._core._sessions.save(session, {}, now):
            client.cookies.set(cookie.name, cookie.value)
    return client


def fields(page: str) -> dict[str, str]:
    """Hidden fields of the page's form."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def value(page: str, name: str) -> str:
    """What the text field ``name`` (its id) holds."""
    found = re.search(rf'<input id="{name}"[^>]*? value="([^"]*)"', page) or re.search(
        rf'<textarea id="{name}"[^>]*>\n?([^<]*)</textarea>', page
    )
    assert found, f"no field {name}"
    return unescape(found[1])


@pytest.fixture(autouse=True)
def _client_registration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCHAM_CLIENT_ID", "city-app")
    monkeypatch.setenv("MOTCHAM_CLIENT_SECRET", "a-secret-that-is-long-enough-for-cookies")


@pytest.fixture
def dich_vu_cong(tmp_path: Path) -> FastAPI:
    return dich_vu_cong_app.create_app(DichVuCongSettings(tmp_path, ISSUER))


@pytest.fixture
def phan_anh(tmp_path: Path) -> FastAPI:
    return phan_anh_app.create_app(PhanAnhSettings(tmp_path, ISSUER))


@pytest.fixture(params=["dich_vu_cong", "phan_anh"])
def either(request: pytest.FixtureRequest) -> FastAPI:
    """Each app in turn, for what both inherit from the frame."""
    app: FastAPI = request.getfixturevalue(request.param)
    return app
