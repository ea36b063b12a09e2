"""Any mixture of authorization parameters is answered as the specification says: never a fault, and never a
redirect to an address that is not registered."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.flows.conftest import ISSUER, REDIRECT
from tests.hostile.conftest import API, Target
from tests.hostile.values import DEEP, TEXT, mixtures, token, tokens
from tests.hostile.wire import FORM, Reply, encoded

NAMES = (
    "client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge",
    "code_challenge_method", "response_mode", "prompt", "max_age", "acr_values", "ui_locales",
    "claims_locales", "display", "login_hint", "id_token_hint", "claims", "request", "request_uri",
    "registration", "resource", "authorization_details", "dpop_jkt", "audience", "unknown",
)  # fmt: skip
GOOD = {
    "response_mode": ["query", "fragment", "form_post", "jwt", "query.jwt", "form_post.jwt"],
    "prompt": ["none", "login", "consent", "create", "select_account"],
    "redirect_uri": ["http://127.0.0.1:7777/cb", REDIRECT + "/", REDIRECT + "?a=b", "https://evil.example/"],
    "max_age": ["0", "1"],
    "resource": [API],
    "claims": ['{"userinfo":{"name":null},"id_token":{"acr":{"essential":true,"values":["vn-ekyc-2"]}}}'],
}
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), database=None)
PAGES = re.compile(r"/i/[A-Za-z0-9_-]+/[a-z-]+|/authorize\?.*", re.S)
REGISTERED = re.compile(r"http://(app\.localhost/cb|127\.0\.0\.1(:\d+)?/cb)(?=[?#]|$)")


def base(target: Target) -> dict[str, str]:
    return {
        "client_id": target.app,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": "openid profile",
        "state": "s",
        "nonce": "n",
        "code_challenge": "a" * 43,
        "code_challenge_method": "S256",
    }


def check(answer: Reply) -> None:
    """RFC 6749, section 4.1.2.1; OpenID Connect Core, section 3.1.2.6."""
    location = answer.headers.get("location", "")
    if answer.status == 303:
        assert PAGES.fullmatch(location) or REGISTERED.match(location), location
        assert "\n" not in location and "\r" not in location
    elif answer.status == 200:
        action = re.search(r'<form[^>]* action="([^"]*)"', answer.text)
        assert action and REGISTERED.match(html.unescape(action.group(1))), answer.text
    else:
        assert answer.status in (400, 413), (answer.status, answer.text)
        assert not location
    assert answer.headers["cache-control"] == "no-store"


def ask(target: Target, pairs: list[tuple[bytes, bytes]], *, method: str, cookies: bytes) -> Reply:
    headers = [(b"cookie", cookies)] if cookies else []
    if method == "GET":
        return target.wire.ask("GET", "/authorize", query=encoded(pairs), headers=headers)
    return target.wire.ask("POST", "/authorize", headers=[FORM, *headers], body=encoded(pairs))


def test_any_mixture(target: Target) -> None:
    @QUICK
    @given(
        pairs=mixtures(base(target), NAMES, target.app, GOOD),
        method=st.sampled_from(["GET", "POST"]),
        signed_in=st.booleans(),
    )
    def run(pairs: list[tuple[bytes, bytes]], method: str, signed_in: bool) -> None:
        check(ask(target, pairs, method=method, cookies=target.cookies if signed_in else b""))

    run()


def test_any_request_object(target: Target) -> None:
    """RFC 9101: signed by the client's own key or by nobody, with any JSON in any place."""

    @QUICK
    @given(text=tokens(target.app), signed_in=st.booleans())
    @example(text=token({"alg": "ES256"}, {"exp": float("inf")}, signed=True), signed_in=False)
    @example(text=token(DEEP[0], DEEP[1], signed=True), signed_in=False)
    def run(text: bytes, signed_in: bool) -> None:
        pairs = [(name.encode(), value.encode()) for name, value in base(target).items()]
        cookies = target.cookies if signed_in else b""
        check(ask(target, [*pairs, (b"request", text)], method="POST", cookies=cookies))

    run()


@pytest.mark.parametrize("name", ["claims", "authorization_details", "id_token_hint", "max_age", "state"])
def test_any_text_in_one_place(target: Target, name: str) -> None:
    """The rest of the request is good, so the value itself is judged."""

    @settings(QUICK, max_examples=60)
    @given(text=TEXT)
    def run(text: str) -> None:
        sent = base(target) | {name: text}
        pairs = [(key.encode(), value.encode("utf-8", "surrogatepass")) for key, value in sent.items()]
        check(ask(target, pairs, method="POST", cookies=target.cookies))

    run()


@pytest.mark.parametrize(
    "query", [b"\xff", b"client_id=\xc3\xa4", b"x=" + b"y" * 40000, b"&" * 100, b"%", b"%zz=%"]
)
def test_any_bytes_in_the_address(target: Target, query: bytes) -> None:
    check(target.wire.ask("GET", "/authorize", query=query))


def test_the_answer_is_ours(target: Target) -> None:
    """The check above would notice: a good request does get its code."""
    pairs = [(name.encode(), value.encode()) for name, value in base(target).items()]
    answer = ask(target, pairs, method="GET", cookies=target.cookies)
    check(answer)
    assert "code=" in urlsplit(answer.headers["location"]).query
    assert ISSUER.split("//")[1] in answer.headers["location"]
