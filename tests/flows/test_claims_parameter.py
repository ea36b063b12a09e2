"""The ``claims`` parameter (OpenID Connect Core, section 5.5)."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from idp.domain import claims_request
from tests.flows.conftest import Browser, Provider, query_of


def tokens(browser: Browser, client: tuple[str, str | None], claims: Any, **changes: str) -> dict[str, Any]:
    """The token response of a whole login that asks for ``claims``."""
    code = browser.code(client_id=client[0], claims=json.dumps(claims), **({"scope": "openid"} | changes))
    body: dict[str, Any] = browser.exchange(code, auth=client).json()
    return body


def identity(body: dict[str, Any]) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(body["id_token"], options={"verify_signature": False})
    return claims


def userinfo(browser: Browser, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    claims: dict[str, Any] = browser.http.get("/userinfo", headers=headers).json()
    return claims


@pytest.fixture
def client(provider: Provider) -> tuple[str, str | None]:
    return provider.add_client()


def test_claims_go_where_they_are_asked_for(browser: Browser, client: tuple[str, str | None]) -> None:
    """Section 5.5: each member for its own place, and nothing that was not asked for."""
    body = tokens(browser, client, {"userinfo": {"birthdate": None}, "id_token": {"given_name": None}})
    assert identity(body)["given_name"] == "Linh"
    assert "birthdate" not in identity(body)
    info = userinfo(browser, body)
    assert set(info) == {"sub", "birthdate"}


def test_essential_that_is_missing_is_no_error(browser: Browser, client: tuple[str, str | None]) -> None:
    """Section 5.5.1: email is not kept here; the answer comes without it."""
    wish = {"email": {"essential": True}, "name": {"essential": True}}
    assert set(userinfo(browser, tokens(browser, client, {"userinfo": wish}))) == {"sub", "name"}


def test_value_and_values_choose(browser: Browser, client: tuple[str, str | None]) -> None:
    wish = {
        "gender": {"value": "no such"},
        "family_name": {"values": ["Lê", "Trần"]},
        "given_name": {"values": ["Mai"]},
    }
    assert set(userinfo(browser, tokens(browser, client, {"userinfo": wish}))) == {"sub", "family_name"}


def test_protocol_claims_cannot_be_asked_away(browser: Browser, client: tuple[str, str | None]) -> None:
    wish = {"iss": {"value": "http://evil"}, "aud": None, "auth_time": {"essential": True}}
    claims = identity(tokens(browser, client, {"id_token": wish}))
    assert (claims["iss"], claims["aud"]) == ("http://id.localhost", client[0])
    assert isinstance(claims["auth_time"], int)


def test_sub_with_a_value_is_a_condition(browser: Browser, client: tuple[str, str | None]) -> None:
    """Section 5.5.1: that person, or an error."""
    sub = identity(tokens(browser, client, {}))["sub"]
    same = json.dumps({"id_token": {"sub": {"value": sub}}})
    target = browser.authorize(client_id=client[0], scope="openid", prompt="none", claims=same)
    assert "code" in query_of(target.headers["location"])
    other = json.dumps({"id_token": {"sub": {"value": "someone"}}})
    target = browser.authorize(client_id=client[0], scope="openid", prompt="none", claims=other)
    assert query_of(target.headers["location"])["error"] == "login_required"


def test_consent_shows_and_remembers_single_claims(browser: Browser, client: tuple[str, str | None]) -> None:
    browser.code()  # signed in
    claims = json.dumps({"userinfo": {"address": None}})
    page = browser.authorize(client_id=client[0], scope="openid", claims=claims).headers["location"]
    assert page.endswith("/consent")
    text = browser.http.get(page).text
    assert 'data-scope="claims"' in text
    assert "Thái Nguyên" in text
    browser.submit(page, decision="allow")
    again = browser.authorize(client_id=client[0], scope="openid", claims=claims).headers["location"]
    assert "code" in query_of(again)
    more = json.dumps({"id_token": {"gender": None}})
    page = browser.authorize(client_id=client[0], scope="openid", claims=more).headers["location"]
    assert page.endswith("/consent")
    assert "<p>Nơi cư trú</p>" in browser.http.get("/account").text


def test_a_claim_within_the_scope_asks_nothing_more(browser: Browser) -> None:
    browser.code()
    claims = json.dumps({"id_token": {"name": None}})
    assert "code" in query_of(browser.authorize(claims=claims).headers["location"])


def test_a_client_gets_no_claim_beyond_its_scopes(provider: Provider, browser: Browser) -> None:
    """The personal number goes only to clients that may have its scope, asked for in either way."""
    client = provider.add_client(scope=("openid", "profile"))
    wish = {"vn_personal_number": {"essential": True}, "name": None}
    body = tokens(browser, client, {"userinfo": wish}, scope="openid vn_personal_number")
    assert set(userinfo(browser, body)) == {"sub", "name"}


def test_acr(browser: Browser, client: tuple[str, str | None]) -> None:
    """Section 5.5.1.1: one of the values is returned; an essential one that is unmet is an error."""
    for values, answer in ((["vn-ekyc-1"], "vn-ekyc-1"), (["vn-ekyc-3", "vn-ekyc-2"], "vn-ekyc-2")):
        wish = {"id_token": {"acr": {"essential": True, "values": values}}}
        assert identity(tokens(browser, client, wish))["acr"] == answer
    wish = {"id_token": {"acr": {"values": ["vn-ekyc-3"]}}}
    assert identity(tokens(browser, client, wish))["acr"] == "vn-ekyc-2"  # voluntary
    wish = {"id_token": {"acr": {"essential": True, "value": "urn:other"}}}
    target = browser.authorize(client_id=client[0], scope="openid", claims=json.dumps(wish))
    assert query_of(target.headers["location"])["error"] == "unmet_authentication_requirements"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "1",
        '{"userinfo": []}',
        '{"id_token": {"name": 1}}',
        '{"id_token": {"name": {"essential": "yes"}}}',
        '{"id_token": {"name": {"values": "x"}}}',
        '{"id_token": {"name": {"values": []}}}',
        "[" * 5000,
    ],
)
def test_malformed_claims(browser: Browser, text: str) -> None:
    target = browser.authorize(claims=text).headers["location"]
    if text:
        assert query_of(target)["error"] == "invalid_request"
    else:
        assert target.endswith("/sign-in")  # RFC 6749, section 3.1: without a value means not sent


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["essential", "value", "values", "name", "sub", "acr"]), inner)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(data=st.dictionaries(st.sampled_from(["userinfo", "id_token", "x"]), _JSON))
def test_any_json_is_understood_or_refused(data: dict[str, Any]) -> None:
    try:
        claims = claims_request.parse(json.dumps(data))
    except ValueError:
        return
    for place in claims_request.PLACES:
        answer = claims_request.answer(claims, place, {"name": "An", "sub": "s"})
        assert set(answer) <= set(claims_request.wishes(claims, place))
        claims_request.wanted_values(claims, place, "acr")
    assert set(claims_request.names(claims_request.without(claims, frozenset({"name"})))) <= {
        "essential",
        "value",
        "values",
        "sub",
        "acr",
    }
