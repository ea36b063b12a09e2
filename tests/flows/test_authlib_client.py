"""A client that we did not write: Authlib signs a citizen in, PKCE and ID token check included."""

from __future__ import annotations

import json

from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata

from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider


def test_authlib_signs_a_citizen_in(provider: Provider, browser: Browser) -> None:
    published = browser.http.get("/.well-known/openid-configuration")
    OpenIDProviderMetadata(json.loads(published.text.replace("http://", "https://"))).validate()
    metadata = published.json()
    client = OAuth2Client(
        provider.client_id,
        provider.client_secret,
        redirect_uri=REDIRECT,
        scope="openid profile",
        code_challenge_method="S256",
        mounts={"all://": browser.http._transport},
    )
    verifier, nonce = generate_token(48), generate_token(20)
    url, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    answer = browser.http.get(url.removeprefix(ISSUER))
    target = answer.headers["location"]
    target = browser.sign_in(target).headers["location"]
    if target.endswith("/consent"):
        target = browser.submit(target, decision="allow").headers["location"]
    token = client.fetch_token(
        metadata["token_endpoint"], authorization_response=target, state=state, code_verifier=verifier
    )
    keys = JsonWebKey.import_key_set(browser.http.get("/jwks").json())
    claims = jwt.decode(
        token["id_token"],
        keys,
        claims_cls=CodeIDToken,
        claims_options={"iss": {"value": ISSUER}, "aud": {"value": provider.client_id}},
        claims_params={"nonce": nonce, "access_token": token["access_token"]},
    )
    claims.validate()
    info = client.get(metadata["userinfo_endpoint"]).json()
    assert info["sub"] == claims["sub"]
    assert info["name"]
