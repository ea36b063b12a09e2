"""Mutual TLS behind a proxy: authentication and bound tokens (RFC 8705)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import httpx
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from jwt.utils import base64url_encode

from idp.domain.errors import IdpError
from tests.flows.conftest import Provider

HEADER = "X-Client-Cert"


def certificate(name: str, dns: str | None = None) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
    if dns:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(dns)]), critical=False)
    return builder.sign(key, SHA256())


def pem(cert: x509.Certificate) -> str:
    """As nginx writes it: $ssl_client_escaped_cert."""
    return quote(cert.public_bytes(Encoding.PEM).decode())


def structured(cert: x509.Certificate) -> str:
    """As RFC 9440 has it: Client-Cert."""
    return f":{b64encode(cert.public_bytes(Encoding.DER)).decode()}:"


@pytest.fixture(scope="module")
def proxied(provider: Provider) -> Iterator[Provider]:
    """The same provider behind a proxy that passes certificates on."""
    before = provider.app.state.services
    provider.app.state.services = provider.services = replace(before, client_cert_header=HEADER)
    yield provider
    provider.app.state.services = provider.services = before


def ask(provider: Provider, client_id: str, header: str | None, path: str = "/token") -> httpx.Response:
    data = {"grant_type": "client_credentials", "client_id": client_id, "token": "x"}
    return provider.browser().http.post(path, data=data, headers={HEADER: header} if header else {})


def add(provider: Provider, method: str, **changes: Any) -> str:
    return provider.add_client(
        auth_method=method, redirect_uris=(), grant_types=("client_credentials",), **changes
    )[0]


@pytest.mark.parametrize("write", [pem, structured])
def test_a_name_in_the_certificate(proxied: Provider, write: Any) -> None:
    """Section 2.1: tls_client_auth by subject or by DNS name."""
    by_subject = add(proxied, "tls_client_auth", tls_client_auth_subject_dn="CN=app")
    by_dns = add(proxied, "tls_client_auth", tls_client_auth_san_dns="app.example")
    right, wrong = certificate("app", "app.example"), certificate("other", "other.example")
    for client_id in (by_subject, by_dns):
        assert ask(proxied, client_id, write(right)).status_code == 200
        for header in (write(wrong), None):
            answer = ask(proxied, client_id, header)
            assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert ask(proxied, by_subject, write(right), "/introspect").json() == {"active": False}


def test_the_registered_certificate(proxied: Provider) -> None:
    """Section 2.2: self_signed_tls_client_auth, from x5c of the client's keys."""
    mine, copy = certificate("app"), certificate("app")
    chain = [b64encode(mine.public_bytes(Encoding.DER)).decode()]
    client_id = add(proxied, "self_signed_tls_client_auth", jwks={"keys": [{"kty": "EC", "x5c": chain}]})
    assert ask(proxied, client_id, pem(mine)).status_code == 200
    assert ask(proxied, client_id, pem(copy)).json()["error"] == "invalid_client"


def test_tokens_bound_to_the_certificate(proxied: Provider) -> None:
    """Section 3: x5t#S256, checked at userinfo."""
    app = proxied.add_client(tls_client_certificate_bound_access_tokens=True)
    browser, cert = proxied.browser(), certificate("app")
    code = browser.code(client_id=app[0])
    refused = browser.exchange(code, auth=app)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
    browser.http.headers[HEADER] = pem(cert)
    body = browser.exchange(code, auth=app).json()
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    digest = sha256(cert.public_bytes(Encoding.DER)).digest()
    assert claims["cnf"] == {"x5t#S256": base64url_encode(digest).decode()}
    bearer = {"Authorization": f"Bearer {body['access_token']}"}
    assert browser.http.get("/userinfo", headers=bearer).status_code == 200
    for header in (pem(certificate("thief")), ""):
        browser.http.headers[HEADER] = header
        assert browser.http.get("/userinfo", headers=bearer).status_code == 401


@pytest.mark.parametrize("header", ["junk", ":junk:", "::", "%00", ":AAAA:"])
def test_a_malformed_certificate(proxied: Provider, header: str) -> None:
    client_id = add(proxied, "tls_client_auth", tls_client_auth_subject_dn="CN=app")
    answer = ask(proxied, client_id, header)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_the_metadata_says_so(proxied: Provider) -> None:
    """Section 3.3."""
    body = proxied.browser().http.get("/.well-known/openid-configuration").json()
    assert body["tls_client_certificate_bound_access_tokens"] is True
    assert "tls_client_auth" in body["token_endpoint_auth_methods_supported"]


def test_off_unless_configured(proxied: Provider) -> None:
    """Section 6.5: without a proxy anybody could send the header."""
    client_id = add(proxied, "tls_client_auth", tls_client_auth_subject_dn="CN=app")
    services = proxied.app.state.services
    proxied.app.state.services = proxied.services = replace(services, client_cert_header="")
    try:
        assert ask(proxied, client_id, pem(certificate("app"))).status_code == 401
        body = proxied.browser().http.get("/.well-known/openid-configuration").json()
        assert body["tls_client_certificate_bound_access_tokens"] is False
        assert "tls_client_auth" not in body["token_endpoint_auth_methods_supported"]
        with pytest.raises(IdpError, match="invalid_client_metadata"):
            add(proxied, "tls_client_auth", tls_client_auth_subject_dn="CN=app")
    finally:
        proxied.app.state.services = proxied.services = services
