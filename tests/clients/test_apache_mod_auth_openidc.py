"""Apache with mod_auth_openidc: pages behind a login, with back-channel logout."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from idp.usecases.deliver_logouts import delivery_log
from tests.clients.apache import apache
from tests.clients.conftest import CitizenBrowser, Running, free_port
from tests.flows.receiver import wait_until


@pytest.fixture(params=["ES256", "RS256"])
def server(provider: Running, request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """(origin, client_id) of a running Apache, once with each algorithm that its library knows well."""
    origin = f"http://127.0.0.1:{(port := free_port())}"
    client_id, secret = provider.client(
        f"{origin}/oidc",
        post_logout_redirect_uris=(f"{origin}/bye.html",),
        backchannel_logout_uri=f"{origin}/oidc?logout=backchannel",
        backchannel_logout_session_required=True,
        id_token_signed_response_alg=request.param,
    )
    with apache(port, provider.issuer, client_id, secret, request.param) as log:
        yield origin, client_id
        print(log.read_text())  # shown where a test fails


def test_login_and_logout_started_at_apache(
    provider: Running, server: tuple[str, str], browser: CitizenBrowser
) -> None:
    origin, _ = server
    person = provider.citizen()
    assert browser.sign_in(f"{origin}/citizen.shtml", person).text == person.full_name
    assert browser.url == f"{origin}/citizen.shtml"
    away = urlencode({"logout": f"{origin}/bye.html"})
    assert browser.go(f"{origin}/oidc?{away}").text == "bye"
    assert 'id="sign-in"' in browser.go(f"{provider.issuer}/account").text
    assert 'id="sign-in"' in browser.go(f"{origin}/citizen.shtml").text


def test_back_channel_logout_started_at_the_provider(
    provider: Running, server: tuple[str, str], browser: CitizenBrowser
) -> None:
    """Back-Channel Logout 1.0, section 2.5: the browser plays no part in ending the session at Apache."""
    origin, client_id = server
    browser.sign_in(f"{origin}/citizen.shtml", provider.citizen())
    browser.submit(browser.go(f"{provider.issuer}/logout"), decision="sign_out")
    wait_until(lambda: any(sent.attempts for sent in delivery_log(provider.services, client_id)))
    wait_until(lambda: delivery_log(provider.services, client_id)[0].state != "sending")
    (delivery,) = delivery_log(provider.services, client_id)
    assert (delivery.state, delivery.last_result) == ("delivered", "200")
    browser.go(f"{origin}/citizen.shtml")
    assert browser.url.startswith(provider.issuer)
