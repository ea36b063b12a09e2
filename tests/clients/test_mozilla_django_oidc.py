"""Django with mozilla-django-oidc: a server-side web app with sessions and users of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.conftest import CitizenBrowser, Running, free_port, wait_for

SITE = Path(__file__).parent / "django_site.py"


@pytest.fixture
def site(provider: Running, tmp_path: Path) -> Iterator[str]:
    """Django wants one configuration a process, so the site runs in one of its own."""
    origin = f"http://127.0.0.1:{(port := free_port())}"
    client_id, secret = provider.client(
        f"{origin}/oidc/callback/",
        auth_method="client_secret_post",
        post_logout_redirect_uris=(f"{origin}/",),
    )
    settings = {
        "SITE": origin,
        "ISSUER": provider.issuer,
        "CLIENT_ID": client_id,
        "CLIENT_SECRET": secret,
        "DATABASE": str(tmp_path / "site.sqlite"),
    }
    log = tmp_path / "site.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, str(SITE), str(port)], env=os.environ | settings, stdout=out, stderr=out
        )
    try:
        wait_for(f"{origin}/", lambda: log.read_text())
        yield origin
    finally:
        process.terminate()
        process.wait(10)


def test_django_signs_a_citizen_in_and_out(provider: Running, site: str, browser: CitizenBrowser) -> None:
    person = provider.citizen()
    assert browser.go(f"{site}/").text == "nobody"
    assert browser.sign_in(f"{site}/oidc/authenticate/", person).text == person.full_name
    assert browser.url == f"{site}/"
    assert browser.go(f"{site}/").text == person.full_name
    assert browser.go(f"{site}/oidc/logout/", really="yes").text == "nobody"
    assert browser.url == f"{site}/"
    assert 'id="sign-in"' in browser.go(f"{provider.issuer}/account").text


def test_a_citizen_who_comes_back_is_the_same_user(
    provider: Running, site: str, browser: CitizenBrowser
) -> None:
    """Users are found by ``sub`` again, not made twice."""
    person = provider.citizen()
    browser.sign_in(f"{site}/oidc/authenticate/", person)
    first = browser.go(f"{site}/user").text
    browser.go(f"{site}/oidc/authenticate/")  # the session at the provider is enough
    assert browser.url == f"{site}/"
    assert browser.go(f"{site}/user").text == first
