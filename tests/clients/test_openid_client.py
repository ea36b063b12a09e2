"""npm openid-client, the certified relying party for Node.js: PAR, PKCE, DPoP, refresh, device, CIBA,

and FAPI 2.0 Message Signing (signed request, JARM, signed introspection) with rich authorization requests."""

from __future__ import annotations

import json
import re

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from idp.domain.grant_types import CIBA
from tests.clients.conftest import PASSWORD, CitizenBrowser, Running, free_port
from tests.clients.node import node

HOME = "http://127.0.0.1:1/"  # nothing listens there: the browser stops before the app
CALLBACK = HOME + "cb"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


def test_code_with_par_dpop_refresh_and_sign_out(provider: Running, browser: CitizenBrowser) -> None:
    person = provider.citizen()
    client_id, secret = provider.client(
        CALLBACK,
        grant_types=("authorization_code", "refresh_token"),
        require_pushed_authorization_requests=True,
        dpop_bound_access_tokens=True,
        post_logout_redirect_uris=(HOME,),
    )
    settings = {"issuer": provider.issuer, "client_id": client_id, "client_secret": secret}
    with node("openid_client.mjs", flow="code", redirect_uri=CALLBACK, home=HOME, **settings) as app:
        start = app.hears()["url"]
        assert "request_uri=" in start
        assert "redirect_uri" not in start
        browser.sign_in(start, person, until=CALLBACK)
        app.tell(browser.url)
        signed_in = app.hears()
        assert signed_in["userinfo"]["name"] == person.full_name
        assert signed_in["claims"]["aud"] == client_id
        assert signed_in["token_type"] == "dpop"
        assert signed_in["rotated"]
        assert signed_in["same_citizen"]
        browser.go(signed_in["sign_out"], until=HOME)
        assert browser.url == HOME
        assert 'id="sign-in"' in browser.go(provider.issuer + "/account").text
        app.tell("signed out")
        assert app.hears() == {"refused": None}  # offline_access outlives the session (Core, section 11)


def test_message_signing_with_one_dossier(provider: Running, browser: CitizenBrowser) -> None:
    person, key = provider.citizen(), ec.generate_private_key(ec.SECP256R1())
    public, private = (ECAlgorithm.to_jwk(half, as_dict=True) for half in (key.public_key(), key))
    client_id, _ = provider.client(
        CALLBACK,
        auth_method="private_key_jwt",
        jwks={"keys": [public]},
        profile="fapi2_message_signing",
        authorization_details_types=("nop_ho_so",),
    )
    dossier = [{"type": "nop_ho_so", "thu_tuc": "dang-ky-khai-sinh", "actions": ["nop"]}]
    settings = {"issuer": provider.issuer, "client_id": client_id, "private_jwk": json.dumps(private)}
    details = json.dumps(dossier)
    with node(
        "openid_client.mjs", flow="signed", redirect_uri=CALLBACK, authorization_details=details, **settings
    ) as app:
        browser.sign_in(app.hears()["url"], person, until=CALLBACK)
        assert browser.url.startswith(CALLBACK + "?response=")
        app.tell(browser.url)
        signed_in = app.hears()
    assert signed_in["userinfo"]["name"] == person.full_name
    assert signed_in["details"] == dossier
    assert signed_in["introspected"]["authorization_details"] == dossier
    assert signed_in["introspected"]["active"]


def test_device_without_a_keyboard_and_revocation(provider: Running, browser: CitizenBrowser) -> None:
    person = provider.citizen()
    client_id, _ = provider.client(auth_method="none", grant_types=(DEVICE,), name="Ti vi")
    with node("openid_client.mjs", flow="device", issuer=provider.issuer, client_id=client_id) as app:
        shown = app.hears()
        sign_in = browser.submit(browser.go(shown["page"]), user_code=shown["user_code"])
        consent = browser.submit(sign_in, number=person.number, password=PASSWORD)
        assert shown["user_code"] in consent.text
        assert 'id="allowed"' in browser.submit(consent, decision="allow").text
        signed_in = app.hears()
    assert signed_in["userinfo"]["name"] == person.full_name
    assert signed_in["claims"]["sub"] == signed_in["userinfo"]["sub"]
    assert signed_in["after"] == "OAUTH_WWW_AUTHENTICATE_CHALLENGE"


@pytest.mark.parametrize("mode", ["poll", "ping"])
def test_a_call_centre_asks_backchannel(provider: Running, browser: CitizenBrowser, mode: str) -> None:
    """CIBA: the citizen is asked on a page of ours while the app waits or is pinged."""
    person, port = provider.citizen(), free_port()
    endpoint = f"http://127.0.0.1:{port}/ping" if mode == "ping" else None
    client_id, secret = provider.client(
        name="Tổng đài 1022",
        grant_types=(CIBA,),
        backchannel_token_delivery_mode=mode,
        backchannel_client_notification_endpoint=endpoint,
    )
    settings = {"issuer": provider.issuer, "client_id": client_id, "client_secret": secret}
    settings |= {"login_hint": person.number, "message": "Hồ sơ 12"}
    settings |= {"ping_port": str(port)} if endpoint else {}
    with node("openid_client.mjs", flow="ciba", **settings) as app:
        assert app.hears() == {"waiting": True}
        sign_in = browser.go(provider.issuer + "/account/requests")
        waiting = browser.submit(sign_in, number=person.number, password=PASSWORD)
        assert "Tổng đài 1022" in waiting.text
        asked = re.search(r'name="request_id" value="([0-9a-f]+)"', waiting.text)
        assert asked
        consent = browser.submit(waiting, request_id=asked[1], decision="look")
        assert "Hồ sơ 12" in consent.text
        assert 'id="allowed"' in browser.submit(consent, decision="allow").text
        signed_in = app.hears()
    assert signed_in["userinfo"]["name"] == person.full_name
    assert signed_in["claims"]["aud"] == client_id
    assert signed_in["token_type"] == "dpop"
