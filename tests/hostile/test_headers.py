"""Cookies, headers and CSRF over every route there is: what is new is audited without being listed here."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from tests.flows.conftest import PASSWORD, Provider, csrf_of, make_provider
from tests.hostile.routes import routes

HTTPS = "https://id.localhost"
PUBLIC = ("/.well-known/", "/jwks", "/openapi.json", "/session/check", "/healthz", "/readyz")
PROTOCOL = (
    "/authorize", "/token", "/par", "/register", "/userinfo", "/revoke", "/introspect",
    "/device_authorization", "/bc-authorize", "/logout",
)  # fmt: skip


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Provider:
    """Behind TLS, as citizens meet it."""
    return make_provider(tmp_path_factory.mktemp("headers"), issuer=HTTPS)


@pytest.fixture(scope="module")
def citizen(secure: Provider) -> TestClient:
    """Signed in, so that pages are pages and not redirects."""
    http = TestClient(secure.app, base_url=HTTPS, follow_redirects=False, raise_server_exceptions=False)
    page = http.get("/account").headers["location"]
    form = {"number": secure.number, "password": PASSWORD, "csrf": csrf_of(http.get(page))}
    assert http.post(page, data=form).status_code == 303
    return http


def concrete(path: str) -> str:
    return re.sub(r"{[^}]*}", "x", path)


def every_get(provider: Provider) -> list[str]:
    return sorted({concrete(path) for method, path in routes(provider.app) if method == "GET"})


def test_every_answer_has_the_headers(secure: Provider, citizen: TestClient) -> None:
    """RFC 9700, sections 4.16 (clickjacking) and 4.2.4 (referrers); OWASP secure headers."""
    pages = 0
    for path in every_get(secure):
        answer = citizen.get(path)
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] in ("same-origin", "strict-origin", "no-referrer"), path
        assert headers["strict-transport-security"].startswith("max-age="), path
        assert "server" not in headers and "x-powered-by" not in headers, path
        if not path.startswith(PUBLIC) and path != "/":
            assert headers["cache-control"] == "no-store", path
        if path == "/session/check":  # other sites frame it: Session Management 1.0, section 3.2
            continue
        assert headers["x-frame-options"] == "DENY", path
        if "text/html" in headers.get("content-type", ""):
            pages += 1
            policy(answer)
    assert pages > 25


def policy(answer: httpx.Response) -> None:
    """Content Security Policy Level 3: nothing inline, nobody frames, forms go where they should."""
    csp = dict(
        part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";")
    )
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert csp["frame-ancestors"] == "'none'"
    assert csp["default-src"] == "'self'" and csp["base-uri"] == "'none'" and csp["object-src"] == "'none'"
    assert csp["form-action"].startswith("'self'")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|\sstyle=", answer.text)


def test_every_cookie_is_closed(secure: Provider) -> None:
    """RFC 6265bis: HttpOnly, Secure, SameSite, ``__Host-``; but for the two that scripts must read."""
    http = TestClient(secure.app, base_url=HTTPS, follow_redirects=False)
    page = http.get("/account").headers["location"]
    form = {"number": secure.number, "password": PASSWORD, "csrf": csrf_of(http.get(page))}
    answers = [http.post(page, data=form), TestClient(secure.app, base_url=HTTPS).get("/?lang=en")]
    seen = set()
    for answer in answers:
        for header in answer.headers.get_list("set-cookie"):
            jar: SimpleCookie = SimpleCookie(header)
            for name, morsel in jar.items():
                seen.add(name.removeprefix("__Host-"))
                assert morsel["secure"] and morsel["path"] == "/" and not morsel["domain"], name
                readable = name.endswith(("mc_lang", "mc_state"))
                assert bool(morsel["httponly"]) != readable, name
                assert name.startswith("__Host-") or name == "mc_lang", name
                # The session iframe reads its cookie inside the app's page (Session Management 1.0, 3.2).
                assert morsel["samesite"].lower() == ("none" if name.endswith("mc_state") else "lax"), name
    assert seen >= {"mc_session", "mc_browser", "mc_lang"}


def test_every_form_needs_its_token(secure: Provider, citizen: TestClient) -> None:
    """Cross-site request forgery: no POST of a page is looked at without this browser's token."""
    refused = 0
    for method, path in sorted(routes(secure.app)):
        if method == "GET" or (path.startswith(PROTOCOL) and path != "/logout/answer"):
            continue
        for csrf in ("", "0" * 64, "ẩ"):
            answer = citizen.request(method, concrete(path), data={"csrf": csrf})
            assert answer.status_code in (403, 422), (path, answer.status_code)
            scripted = citizen.request(method, concrete(path), json={}, headers={"X-CSRF": "0" * 64})
            assert scripted.status_code in (403, 422), (path, scripted.status_code)
            refused += answer.status_code == 403 or scripted.status_code == 403
    assert refused > 60


def test_a_right_token_from_another_origin_is_refused(secure: Provider, citizen: TestClient) -> None:
    token = csrf_of(citizen.get("/account"))
    answer = citizen.post(
        "/account/sign-out", data={"csrf": token}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert citizen.get("/account").status_code == 200


def test_scripts_are_files_of_ours() -> None:
    """No template loads anything from elsewhere."""
    folder = Path(__file__).parents[2] / "idp" / "web" / "templates"
    for template in folder.glob("*.html"):
        assert not re.search(r'(src|href)="(https?:)?//', template.read_text(encoding="utf-8")), template.name
