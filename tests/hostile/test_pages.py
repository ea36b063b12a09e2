"""Any bytes in addresses, forms and cookies of any page: an answer, never a fault, never another site."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.flows.conftest import REDIRECT
from tests.hostile.conftest import Target
from tests.hostile.routes import routes
from tests.hostile.values import NASTY, RAW, TEXT
from tests.hostile.wire import FORM, Reply, encoded

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
FIELDS = (
    "number", "password", "password_again", "decision", "whole_province", "user_code", "client_id",
    "operator", "sid", "token", "reason", "agree_document", "agree_face", "id_token_hint",
    "post_logout_redirect_uri", "state", "lang", "error", "page",
)  # fmt: skip
BYTES = TEXT.map(lambda text: text.encode()) | RAW
ANOTHER_SITE = ("//", "\\", "http", "javascript:", "data:")


def check(answer: Reply) -> None:
    assert answer.status < 500 or answer.status == 503, (answer.status, answer.text)
    location = answer.headers.get("location", "")
    assert not location.startswith(ANOTHER_SITE) or location.startswith(
        (REDIRECT, "http://app.localhost/")
    ), location
    assert "set-cookie" not in answer.headers or "\n" not in answer.headers["set-cookie"]


def csrf(target: Target, browser: str) -> bytes:
    key = target.provider.app.state.csrf_key
    return hmac.new(key, browser.encode(), hashlib.sha256).hexdigest().encode()


def filled(path: str, value: bytes, interaction: str, ours: bool) -> str:
    """The route's path with something in its place-holders."""
    text = interaction if ours else quote_from_bytes(value, safe="")
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + text + rest.partition("}")[2]
    return path


def test_any_bytes_anywhere(target: Target) -> None:
    """Forms come with the right CSRF token and an interaction of this browser, so they are looked at."""
    browser = secrets.token_urlsafe(32)
    every = sorted(routes(target.provider.app))
    assert len(every) > 60
    start = target.wire.ask(
        "GET",
        "/authorize",
        query=encoded(
            [
                (b"client_id", target.app.encode()),
                (b"redirect_uri", REDIRECT.encode()),
                (b"response_type", b"code"),
                (b"scope", b"openid"),
                (b"code_challenge", b"a" * 43),
                (b"code_challenge_method", b"S256"),
            ]
        ),
        headers=[(b"cookie", f"mc_browser={browser}".encode())],
    )
    interaction = start.headers["location"].split("/")[2]
    session = target.cookies.partition(b"mc_session=")[2].partition(b";")[0]
    cookie = st.just(b"mc_browser=" + browser.encode()) | st.just(
        b"mc_browser=" + browser.encode() + b"; mc_session=" + session
    )
    odd = st.builds(lambda value: b"mc_session=" + value.translate(None, b"\r\n\0"), RAW | BYTES)

    @settings(QUICK, max_examples=400)
    @given(
        route=st.sampled_from(every),
        value=BYTES,
        ours=st.booleans(),
        pairs=st.lists(st.tuples(st.sampled_from(FIELDS).map(str.encode) | RAW, BYTES), max_size=5),
        sent=cookie | odd,
        script=st.booleans(),
    )
    def run(
        route: tuple[str, str],
        value: bytes,
        ours: bool,
        pairs: list[tuple[bytes, bytes]],
        sent: bytes,
        script: bool,
    ) -> None:
        method, template = route
        path, token = filled(template, value, interaction, ours), csrf(target, browser)
        headers = [
            (b"cookie", sent),
            (b"accept-language", b"en\xff;q=x"),
            *([(b"x-csrf", token)] if script else []),
        ]
        if method == "GET":
            check(target.wire.ask("GET", path, query=encoded(pairs), headers=headers))
        else:
            kind = (b"content-type", b"application/json") if script else FORM
            body = value if script else encoded([*pairs, (b"csrf", token)])
            check(target.wire.ask(method, path, headers=[kind, *headers], body=body))

    run()


@pytest.mark.parametrize("text", NASTY)
def test_logout_takes_any_text(target: Target, text: str) -> None:
    """RP-Initiated Logout 1.0, section 2: 400 and a page, or the question; never a redirect."""
    for name in ("id_token_hint", "client_id", "post_logout_redirect_uri", "state"):
        body = encoded([(name.encode(), text.encode())])
        for answer in (
            target.wire.ask("POST", "/logout", headers=[FORM], body=body),
            target.wire.ask("GET", "/logout", query=body),
        ):
            assert answer.status in (200, 400), (name, answer.status)
            assert "location" not in answer.headers


def test_logout_takes_each_parameter_once(target: Target) -> None:
    query = encoded([(b"state", b"a"), (b"state", b"b")])
    assert target.wire.ask("GET", "/logout", query=query).status == 400


def test_a_multipart_form_is_no_way_around(target: Target) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="number"; filename="f"\r\n\r\n1\r\n--x--\r\n'
    sent = [(b"content-type", b"multipart/form-data; boundary=x")]
    for path in ("/i/x/sign-in", "/device", "/logout", "/admin/sign-in", "/i/x/enrol/front"):
        answer = target.wire.ask("POST", path, headers=sent, body=body)
        assert 400 <= answer.status < 500, (path, answer.status)
