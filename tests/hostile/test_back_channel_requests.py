"""Any mixture of parameters, credentials and headers at the endpoints that clients call: 2xx, or 400, 401,
403, 413, 429 with a code in JSON (RFC 6749, section 5.2), never a fault."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from idp.domain.grant_types import GRANT_TYPES
from idp.usecases.client_assertion import ASSERTION_TYPE
from tests.flows.conftest import ISSUER, REDIRECT
from tests.hostile.conftest import API, Target, basic
from tests.hostile.values import DEEP, JSON, KEY, NASTY, RAW, TEXT, mixtures, token, tokens
from tests.hostile.wire import FORM, Reply, encoded

QUICK = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), database=None)
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
NAMES = (
    "grant_type", "code", "redirect_uri", "code_verifier", "refresh_token", "scope", "resource", "audience",
    "device_code", "subject_token", "subject_token_type", "actor_token", "actor_token_type", "assertion",
    "client_id", "client_secret", "client_assertion", "client_assertion_type", "requested_token_type",
    "token", "token_type_hint", "authorization_details", "auth_req_id", "login_hint", "id_token_hint",
    "binding_message", "request", "request_uri", "claims", "dpop_jkt", "unknown",
)  # fmt: skip
PATHS = ("/token", "/par", "/introspect", "/revoke", "/device_authorization", "/bc-authorize", "/userinfo")


def check(answer: Reply) -> None:
    assert answer.status in (200, 201, 400, 401, 403, 404, 413, 429), (answer.status, answer.text)
    if answer.status >= 400 and answer.body and answer.status != 404:
        body = json.loads(answer.text)
        assert isinstance(body["error"], str)
        assert answer.headers["cache-control"] == "no-store"
    if answer.status == 401:
        assert answer.headers["www-authenticate"]


def good(target: Target, path: str, grant: str) -> dict[str, str]:
    """A request that gets as far as one without fresh codes can."""
    return {
        "grant_type": grant,
        "code": "mcc_x",
        "redirect_uri": REDIRECT,
        "code_verifier": "v" * 43,
        "refresh_token": "mcr_x",
        "device_code": "mcd_x",
        "subject_token": target.access,
        "subject_token_type": ACCESS_TOKEN,
        "assertion": "a.b.c",
        "resource": API,
        "scope": "own" if grant == "client_credentials" else "openid",
        "response_type": "code",
        "client_id": target.app,
        "code_challenge": "a" * 43,
        "code_challenge_method": "S256",
    } | ({"token": target.access} if path in ("/introspect", "/revoke") else {})


def headers(target: Target) -> st.SearchStrategy[list[tuple[bytes, bytes]]]:
    """As bytes that may stand in a header (RFC 9110, section 5.5)."""
    right = basic(target.app, target.secret)["authorization"].encode()
    scheme = st.sampled_from([b"Basic ", b"Bearer ", b"DPoP ", b"bearer  ", b""])
    token_ = (
        st.just(target.access.encode()) | tokens(target.app) | RAW | TEXT.map(lambda t: t.encode("utf-8"))
    )
    odd = st.builds(lambda a, b: a + b, scheme, token_ | RAW.map(b64encode))
    proof = tokens(target.app, typ="dpop+jwt", jwk=KEY.jwk) | RAW
    one = (
        st.tuples(st.just(b"authorization"), odd)
        | st.tuples(st.just(b"dpop"), proof)
        | st.tuples(st.just(b"x-client-cert"), RAW | st.just(b":AAAA:"))
        | st.tuples(st.just(b"accept"), RAW | st.just(b"application/token-introspection+jwt"))
        | st.tuples(
            st.just(b"cookie"), RAW | st.sampled_from([b"mc_session=\xff", b"mc_browser=" + b"a" * 43])
        )
        | st.tuples(st.just(b"origin"), RAW | st.just(b"null"))
    )
    many = st.lists(one, max_size=3).map(lambda pairs: [(n, v.translate(None, b"\r\n\0")) for n, v in pairs])
    return st.just([(b"authorization", right)]) | many.map(lambda m: [(b"authorization", right), *m]) | many


@pytest.mark.parametrize("path", PATHS)
def test_any_mixture(target: Target, path: str) -> None:
    @st.composite
    def requests(draw: st.DrawFn) -> list[tuple[bytes, bytes]]:
        grant = draw(st.sampled_from(GRANT_TYPES))
        known = {"grant_type": list(GRANT_TYPES), "client_assertion_type": [ASSERTION_TYPE]}
        return draw(mixtures(good(target, path, grant), NAMES, target.app, known))

    @QUICK
    @given(pairs=requests(), sent=headers(target))
    def run(pairs: list[tuple[bytes, bytes]], sent: list[tuple[bytes, bytes]]) -> None:
        check(target.wire.ask("POST", path, headers=[FORM, *sent], body=encoded(pairs)))

    run()


@pytest.mark.parametrize("grant", GRANT_TYPES)
def test_every_grant(target: Target, grant: str) -> None:
    """The client is the right one and so is the grant: what is left to break is the grant's own."""

    @settings(QUICK, max_examples=50)
    @given(
        pairs=mixtures(good(target, "/token", grant), NAMES, target.app, {"refresh_token": [target.refresh]}),
        proof=st.none() | tokens(target.app, typ="dpop+jwt", jwk=KEY.jwk),
    )
    def run(pairs: list[tuple[bytes, bytes]], proof: bytes | None) -> None:
        named = [(b"grant_type", grant.encode()), *(pair for pair in pairs if pair[0] != b"grant_type")]
        right = basic(target.app, target.secret)["authorization"].encode()
        sent = [FORM, (b"authorization", right), *([(b"dpop", proof)] if proof else [])]
        answer = target.wire.ask("POST", "/token", headers=sent, body=encoded(named))
        check(answer)
        assert json.loads(answer.text).get("error") != "unsupported_grant_type"

    run()


@pytest.mark.parametrize("parameter", ["client_assertion", "assertion", "request"])
def test_any_signed_token(target: Target, parameter: str) -> None:
    """RFC 7523, RFC 9101: the client's own signature over any JSON."""
    path = "/par" if parameter == "request" else "/token"
    client = target.app if parameter == "request" else target.keyed

    @QUICK
    @given(text=tokens(client))
    @example(text=token({"alg": "ES256"}, {"iss": client, "exp": float("inf")}, signed=True))
    @example(text=token({"alg": "ES256"}, {"iss": client, "exp": 10**400}, signed=True))
    @example(text=token(DEEP[0], DEEP[1], signed=True))
    def run(text: bytes) -> None:
        pairs = [(parameter.encode(), text)]
        if parameter == "client_assertion":
            pairs += [
                (b"client_assertion_type", ASSERTION_TYPE.encode()),
                (b"grant_type", b"client_credentials"),
            ]
        elif parameter == "assertion":
            pairs += [(b"grant_type", b"urn:ietf:params:oauth:grant-type:jwt-bearer")]
        right = (b"authorization", basic(target.app, target.secret)["authorization"].encode())
        sent = [FORM, *([right] if parameter == "request" else [])]
        check(target.wire.ask("POST", path, headers=sent, body=encoded(pairs)))

    run()


METADATA = st.dictionaries(
    st.sampled_from(
        [
            "redirect_uris", "client_name", "jwks", "jwks_uri", "scope", "grant_types", "response_types",
            "token_endpoint_auth_method", "default_max_age", "contacts", "software_statement", "logo_uri",
            "sector_identifier_uri", "subject_type", "request_uris", "backchannel_logout_uri", "client_uri",
            "authorization_details_types", "post_logout_redirect_uris", "id_token_signed_response_alg",
        ]
    ),
    JSON
    | st.sampled_from(NASTY)
    | st.lists(st.sampled_from(["https://x.example/cb", "http://[", "http://a:b/", "code", "x" * 3000]))
    | st.fixed_dictionaries({"keys": st.lists(st.just(KEY.jwk) | JSON, max_size=2)}),
    max_size=5,
)  # fmt: skip


def test_any_metadata(target: Target) -> None:
    """RFC 7591, section 3.2.2; what was accepted can be read back (RFC 7592)."""

    @settings(QUICK, max_examples=150)
    @given(document=METADATA, valid=st.booleans())
    @example(document={"client_name": "\ud800"}, valid=True)
    @example(document={"client_name": "a\0b"}, valid=True)
    @example(document={"default_max_age": float("nan")}, valid=True)
    @example(document={"jwks": {"keys": [KEY.jwk | {"x5c": ["\0"]}]}}, valid=True)
    @example(document={"contacts": [["a"] * 60]}, valid=True)
    def run(document: dict[str, Any], valid: bool) -> None:
        body = ({"redirect_uris": [REDIRECT]} if valid else {}) | document
        answer = target.wire.ask(
            "POST",
            "/register",
            headers=[(b"content-type", b"application/json")],
            body=json.dumps(body).encode(),
        )
        check(answer)
        if answer.status == 201:
            made = json.loads(answer.text)
            path = made["registration_client_uri"].removeprefix(ISSUER)
            bearer = [(b"authorization", f"Bearer {made['registration_access_token']}".encode())]
            assert target.wire.ask("GET", path, headers=bearer).status == 200
            assert target.wire.ask("DELETE", path, headers=bearer).status == 204

    run()


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"null", b"NaN", *(text.encode() for text in DEEP)])
def test_any_body_of_a_registration(target: Target, body: bytes) -> None:
    sent = [(b"content-type", b"application/json")]
    answer = target.wire.ask("POST", "/register", headers=sent, body=body)
    assert answer.status == 400
    check(answer)


@pytest.mark.parametrize("path", ["/register/%00", "/register/%ff", "/register/" + "x" * 5000])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_any_name_of_a_registration(target: Target, path: str, method: str) -> None:
    sent = [(b"content-type", b"application/json"), (b"authorization", b"Bearer x")]
    check(target.wire.ask(method, path, headers=sent, body=b"{}"))
