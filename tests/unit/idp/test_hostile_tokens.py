"""Whatever is sent as a proof, certificate or resource is refused with a code, never a fault."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.domain import certificates, dpop, resources
from idp.domain.errors import OAuthError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "typ": st.sampled_from(["dpop+jwt", "JWT"]) | JSON,
        "alg": st.sampled_from(["ES256", "RS256", "EdDSA", "none", "HS256"]) | JSON,
        "jwk": JSON
        | st.fixed_dictionaries(
            {"kty": st.sampled_from(["EC", "RSA", "OKP", "oct"])},
            optional={"crv": st.sampled_from(["P-256", "Ed25519"]) | JSON, "x": JSON, "y": JSON, "n": JSON},
        ),
    },
)


def encoded(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@given(header=HEADERS, claims=JSON)
def test_proofs(header: dict[str, Any], claims: Any) -> None:
    text = f"{encoded(header)}.{encoded(claims)}.c2ln"
    with pytest.raises(OAuthError, match="invalid_dpop_proof"):
        dpop.check_proof(text, method="POST", url="https://id.example/token", now=0)


@given(text=st.text())
def test_proofs_that_are_no_jwt(text: str) -> None:
    with pytest.raises(OAuthError, match="invalid_dpop_proof"):
        dpop.check_proof(text, method="POST", url="https://id.example/token", now=0)


@given(text=st.text() | st.text().map(lambda inner: f":{inner}:"))
def test_certificates(text: str) -> None:
    with pytest.raises(OAuthError, match="invalid_request"):
        certificates.parse(text)


@given(text=st.text())
def test_resources(text: str) -> None:
    asked = resources.split(text)
    if asked:
        with pytest.raises(OAuthError, match="invalid_target"):
            resources.check(asked, ())


def test_the_thumbprint_of_the_specification() -> None:
    """RFC 7638, section 3.1."""
    key = {
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJE"
        "CPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Q"
        "vzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6"
        "WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "e": "AQAB",
        "alg": "RS256",
        "kid": "2011-04-29",
    }
    assert dpop.thumbprint(key) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
