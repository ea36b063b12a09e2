"""What the consent page shows of an app: logo, links, languages

(OpenID Connect Dynamic Client Registration 1.0, section 2)."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from idp.domain.models import Client
from idp.domain.registration import languages
from idp.usecases.registration.register import initial_access_token
from tests.flows.conftest import REDIRECT, Browser, Provider

LOGO = "https://cdn.example:8443/logo.png?v=1"
ABOUT = {
    "client_name": "Land office",
    "client_name#vi-VN": "Đăng ký đất đai",
    "logo_uri": LOGO,
    "client_uri": "https://land.example/",
    "client_uri#vi": "https://land.example/vi",
    "policy_uri": "https://land.example/privacy",
    "tos_uri": "https://land.example/terms",
}


def _register(provider: Provider, **document: Any) -> httpx.Response:
    token = initial_access_token(provider.services, uses=1, lifetime=60, constraints={})
    return provider.browser().http.post(
        "/register",
        json={"redirect_uris": [REDIRECT]} | document,
        headers={"Authorization": f"Bearer {token}"},
    )


def _consent(browser: Browser, client_id: str, locale: str = "vi") -> httpx.Response:
    page = browser.authorize(client_id=client_id, prompt="consent").headers["location"]
    if page.endswith("/sign-in"):
        page = browser.sign_in(page).headers["location"]
    return browser.http.get(page, headers={"Accept-Language": locale})


def _image_sources(answer: httpx.Response) -> str:
    found = re.search(r"img-src ([^;]*);", answer.headers["content-security-policy"])
    assert found
    return found[1]


@pytest.fixture(scope="module")
def land_office(provider: Provider) -> str:
    client_id: str = _register(provider, **ABOUT).json()["client_id"]
    return client_id


def test_logo_uri_is_shown_and_only_its_origin_is_allowed(browser: Browser, land_office: str) -> None:
    answer = _consent(browser, land_office)
    assert f'src="{LOGO}"' in answer.text
    assert 'referrerpolicy="no-referrer"' in answer.text
    assert _image_sources(answer) == "'self' data: blob: https://cdn.example:8443"
    assert _image_sources(browser.http.get("/account")) == "'self' data: blob:"


def test_policy_tos_and_client_uri_are_links_that_give_nothing_away(
    browser: Browser, land_office: str
) -> None:
    text = _consent(browser, land_office, "en").text
    for key, member in (("website", "client_uri"), ("policy", "policy_uri"), ("terms", "tos_uri")):
        link = re.search(rf'<a [^>]*id="app-{key}"[^>]*>', text)
        assert link and f'href="{ABOUT[member]}"' in link[0]
        assert 'rel="noopener noreferrer"' in link[0]
    assert ">app.localhost<" in text.replace("Sent to the address: ", ">")  # a host is not easily borrowed


def test_section_2_1_the_language_variant_is_shown(browser: Browser, land_office: str) -> None:
    vietnamese, english = (_consent(browser, land_office, locale).text for locale in ("vi", "en"))
    assert "Đăng ký đất đai" in vietnamese and "Land office" not in vietnamese
    assert 'href="https://land.example/vi"' in vietnamese
    assert "Land office" in english and "Đăng ký đất đai" not in english
    browser.code(client_id=land_office)
    assert "Đăng ký đất đai" in browser.http.get("/account").text


def test_section_2_1_variants_are_kept_and_given_back(provider: Provider) -> None:
    answer = _register(provider, **ABOUT, **{"client_name#": "x", "client_name#!": "y", "scope#vi": "z"})
    made = answer.json()
    assert {name: made.get(name) for name in ABOUT} == ABOUT
    assert not {"client_name#", "client_name#!", "scope#vi"} & made.keys()


@pytest.mark.parametrize(
    "changes",
    [
        {"client_name#vi": 5},
        {"client_name#vi": "x" * 201},
        {"logo_uri#vi": "javascript:alert(1)"},
        {"tos_uri#vi": "http://land.example/"},
        {"logo_uri": "https://cdn.example;script-src/x.png"},
        {"logo_uri": "https://cdn.example,default-src/x.png"},
        {f"client_name#vi-{n}": "x" for n in range(51)},
    ],
)
def test_variants_follow_the_rules_of_their_member(provider: Provider, changes: dict[str, Any]) -> None:
    answer = _register(provider, **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


def test_a_redirect_uri_cannot_speak_to_the_content_security_policy(provider: Provider) -> None:
    for host in ("a.example;script-src", "a.example,x", "a'b.example"):
        answer = _register(provider, redirect_uris=[f"https://{host}/cb"])
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_redirect_uri"), host


def test_an_app_without_any_of_it(provider: Provider, browser: Browser) -> None:
    client_id, _ = provider.add_client()
    answer = _consent(browser, client_id)
    assert 'id="app-logo"' not in answer.text and 'id="app-rules"' not in answer.text
    assert _image_sources(answer) == "'self' data: blob:"


def test_a_device_shows_no_logo(provider: Provider, browser: Browser) -> None:
    """The browser does not come from the app there (decision 13)."""
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    client_id, secret = provider.add_client(logo_uri=LOGO, grant_types=(grant,), redirect_uris=())
    browser.sign_in(browser.authorize().headers["location"])
    asked = browser.http.post(
        "/device_authorization", data={"scope": "openid"}, auth=(client_id, secret or "")
    ).json()
    page = browser.submit("/device", user_code=asked["user_code"]).headers["location"]
    answer = browser.http.get(page)
    assert 'id="allow"' in answer.text and LOGO not in answer.text
    assert "cdn.example" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("locale", "shown"), [("vi", "Một"), ("en", "One"), ("fr", "Plain")], ids=["exact", "region", "none"]
)
def test_which_variant_is_shown(locale: str, shown: str) -> None:
    variants = {"client_name#vi": "Một", "client_name#EN-gb": "One", "client_uri#fr": "https://x.example"}
    client = Client("c", "Plain", (), "none", languages=variants)
    assert languages.shown(client, "client_name", locale) == shown
    assert json.dumps(languages.variants(variants)) == json.dumps(list(variants))
