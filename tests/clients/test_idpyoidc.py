"""idpyoidc, the relying party of the OpenID Foundation's own Python tools: discovery to logout."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from idpyoidc.client.defaults import DEFAULT_OIDC_SERVICES
from idpyoidc.client.oidc.end_session import EndSession
from idpyoidc.client.rp_handler import RPHandler
from idpyoidc.exception import VerificationError

from tests.clients.conftest import CitizenBrowser, Running

APP = "http://127.0.0.1:1"  # nothing listens there: the browser stops before the app
CALLBACK, HOME = f"{APP}/callback", f"{APP}/"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # idpyoidc writes its keys into the working folder


def relying_party(provider: Running) -> RPHandler:
    client_id, secret = provider.client(CALLBACK, post_logout_redirect_uris=(HOME,))
    config = {
        "issuer": provider.issuer,
        "client_id": client_id,
        "client_secret": secret,
        "client_type": "oidc",
        "redirect_uris": [CALLBACK],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "allow": {"issuer_mismatch": False},
        "add_ons": {
            "pkce": {
                "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
                "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
            }
        },
    }
    services = DEFAULT_OIDC_SERVICES | {"end_session": {"class": EndSession}}
    return RPHandler(base_url=APP, client_configs={provider.issuer: config}, services=services)


def test_idpyoidc_signs_a_citizen_in_and_out(provider: Running, browser: CitizenBrowser) -> None:
    person = provider.citizen()
    party = relying_party(provider)
    browser.sign_in(party.begin(provider.issuer), person, until=CALLBACK)
    answer = dict(parse_qsl(urlsplit(browser.url).query))
    signed_in = party.finalize(provider.issuer, answer)
    assert signed_in["userinfo"]["name"] == person.full_name
    assert signed_in["id_token"]["sub"] == signed_in["userinfo"]["sub"]
    assert signed_in["id_token"]["acr"] == "vn-ekyc-2"
    state = signed_in["state"]
    assert party.has_active_authentication(state)

    request = party.logout(state, post_logout_redirect_uri=HOME)
    browser.go(request["url"], until=HOME)
    assert browser.url.split("?")[0] == HOME
    party.clear_session(state)
    assert 'id="sign-in"' in browser.go(f"{provider.issuer}/account").text


def test_idpyoidc_tells_from_iss_that_another_provider_answered(
    provider: Running, browser: CitizenBrowser
) -> None:
    """RFC 9207, section 2.4: it reads our ``iss`` and accepts no other."""
    party = relying_party(provider)
    browser.sign_in(party.begin(provider.issuer), provider.citizen(), until=CALLBACK)
    answer = dict(parse_qsl(urlsplit(browser.url).query))
    assert answer["iss"] == provider.issuer
    with pytest.raises(VerificationError, match="Issuer mismatch"):
        party.finalize(provider.issuer, answer | {"iss": "https://id.elsewhere.example"})
