"""What hostile senders put into parameters and headers."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from secrets import token_hex
from typing import Any

from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm

from tests.flows.conftest import ISSUER, REDIRECT
from tests.flows.keys import ProofKey

KEY = ProofKey()
DEEP = ['{"a":' * 3000, "[" * 3000, '{"userinfo":' * 200 + "{}" + "}" * 200, "[" * 60 + "]" * 60]
NUMBERS = ["9" * 5000, "1e999", "-1", "NaN", "Infinity", "0x10", "٣", "1_000", "+1", str(2**63), str(10**30)]
NASTY = [
    *DEEP, *NUMBERS, "\0", "a\0b", "x" * 5000, "ẩ" * 3000, "\ud7ff\uffff", '"\\ud800"', '{"\\u0000": 1}',
    "null", "[]", "{}", "a.b.c", "..", "e30.e30.", " ", "\r\nSet-Cookie: a=b", "<script>", "{{7*7}}",
    "' OR 1=1", "https://evil.example/", "//evil.example", "javascript:alert(1)", "mcc_x", "mcr_x", "mct_x",
    "openid profile",
]  # fmt: skip
TEXT = st.sampled_from(NASTY) | st.text(max_size=30)
RAW = st.sampled_from([b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\x00"]) | st.binary(max_size=20)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
TIMES = st.sampled_from([0, -1, 2**63, 1e308, "soon", None]) | st.just(int(time.time()) + 60) | JSON


def _part(value: Any) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value)
    return urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).rstrip(b"=")


def token(header: Any, claims: Any, *, signed: bool) -> bytes:
    """A JWT in compact form, with our key's signature or with rubbish; JSON of our own may be no JSON."""
    text = _part(header) + b"." + _part(claims)
    return text + b"." + (urlsafe_b64encode(_sign(text)).rstrip(b"=") if signed else b"c2ln")


def _sign(text: bytes) -> bytes:
    return ECAlgorithm(ECAlgorithm.SHA256).sign(text, KEY.private)


_HEADER: dict[str, st.SearchStrategy[Any]] = {
    "alg": st.sampled_from(["none", "HS256", "RS256", "PS256"]) | JSON,
    "typ": st.sampled_from(["dpop+jwt", "JWT", "at+jwt", "oauth-authz-req+jwt"]) | JSON,
    "kid": st.sampled_from(["../../etc/passwd", "' OR 1=1", "\0"]) | JSON,
    "jwk": st.just(KEY.jwk) | JSON,
    "jku": st.just("http://127.0.0.1:1/jwks"),
    "x5u": st.just("http://127.0.0.1:1/x5u"),
    "crit": st.just(["b64"]) | JSON,
    "b64": st.booleans(),
}
_CLAIMS = (
    "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "htm", "htu", "nonce", "ath", "client_id", "scope",
    "redirect_uri", "response_type", "state", "code_challenge", "claims", "authorization_details", "request",
    "max_age",
)  # fmt: skip


def _good(client_id: str) -> dict[str, Any]:
    """Claims that a request object, an assertion and a proof may all have."""
    return {
        "iss": client_id, "sub": client_id, "aud": ISSUER, "exp": int(time.time()) + 300, "jti": token_hex(8),
        "iat": int(time.time()), "nbf": int(time.time()), "htm": "POST", "htu": f"{ISSUER}/token",
        "client_id": client_id, "redirect_uri": REDIRECT, "response_type": "code", "scope": "openid",
        "code_challenge": "a" * 43, "code_challenge_method": "S256",
    }  # fmt: skip


def tokens(client_id: str, **header: Any) -> st.SearchStrategy[bytes]:
    """Good ones with a few members replaced, and those that are nothing at all."""
    changed = st.dictionaries(st.sampled_from(_CLAIMS), TIMES | JSON | st.text(max_size=300), max_size=2)
    claims = changed.map(lambda changes: _good(client_id) | changes)
    fields = st.fixed_dictionaries({}, optional=_HEADER).map(lambda more: {"alg": "ES256"} | header | more)
    plain = st.just({"alg": "ES256"} | header)
    good_header = plain | plain | fields
    return st.builds(token, good_header, claims, signed=st.just(True)) | st.builds(
        token,
        good_header | st.sampled_from(DEEP),
        claims | JSON | st.sampled_from(DEEP),
        signed=st.booleans(),
    )


def values(client_id: str) -> st.SearchStrategy[bytes]:
    return TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")) | RAW | tokens(client_id)


def mixtures(
    base: dict[str, str], names: tuple[str, ...], client_id: str, good: dict[str, list[str]] | None = None
) -> st.SearchStrategy[list[tuple[bytes, bytes]]]:
    """Pairs: most of a good request, with parameters left out, replaced, added, repeated, reordered."""
    known = {name: [value, *(good or {}).get(name, [])] for name, value in base.items()} | (good or {})
    kept = st.lists(st.sampled_from(sorted(base)), max_size=len(base), unique=True).map(
        lambda out: [(name.encode(), value.encode()) for name, value in base.items() if name not in out[:2]]
    )
    anything = st.tuples(st.sampled_from(names).map(str.encode), values(client_id))
    sensible = [(name.encode(), value.encode()) for name, options in known.items() for value in options]
    added = st.lists(anything | st.sampled_from(sensible) | st.tuples(RAW, RAW), max_size=5)
    return st.builds(_mixed, kept, added, st.booleans())


def _mixed(
    kept: list[tuple[bytes, bytes]], added: list[tuple[bytes, bytes]], replacing: bool
) -> list[tuple[bytes, bytes]]:
    named = {name for name, _ in added}
    return [pair for pair in kept if not (replacing and pair[0] in named)] + added
