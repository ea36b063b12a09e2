"""OpenID Connect Client-Initiated Backchannel Authentication Core 1.0, poll mode: the flow and the hints."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import jwt
import pytest

from idp.domain.ciba.requested_expiry import LONGEST
from idp.domain.grant_types import CIBA
from idp.usecases.ciba.start import MOST, WINDOW
from idp.usecases.create_citizen import create_citizen
from tests.flows.ciba import Asking, asking, claims_of, decide, error, forget, later, tokens, waiting
from tests.flows.conftest import ISSUER, Browser, Provider, csrf_of
from tests.flows.keys import ProofKey

UNKNOWN = "019304999999"  # a well-formed number of nobody


@pytest.fixture(autouse=True)
def nothing_waits(provider: Provider) -> None:
    """From an earlier test: they share the citizen."""
    forget(provider)


@pytest.fixture
def app(provider: Provider) -> Asking:
    return asking(provider)


def sub_of(app: Asking, browser: Browser) -> str:
    """The citizen as the app knows them after one request."""
    return str(claims_of(tokens(app, browser)["id_token"])["sub"])


def test_the_metadata(browser: Browser) -> None:
    """Section 4: push is not offered, and no user codes."""
    found = browser.http.get("/.well-known/openid-configuration").json()
    assert found["backchannel_authentication_endpoint"] == f"{ISSUER}/bc-authorize"
    assert found["backchannel_token_delivery_modes_supported"] == ["poll", "ping"]
    assert "ES256" in found["backchannel_authentication_request_signing_alg_values_supported"]
    assert "none" not in found["backchannel_authentication_request_signing_alg_values_supported"]
    assert found["backchannel_user_code_parameter_supported"] is False
    assert CIBA in found["grant_types_supported"]


def test_the_whole_way(app: Asking, browser: Browser) -> None:
    """Sections 7.3, 10.1 and 11; section 10.3.1: only pushed ID tokens carry auth_req_id."""
    started = app.started(binding_message="Hồ sơ số 12")
    assert (started["expires_in"], started["interval"]) == (300, 5)
    assert error(app.poll(started["auth_req_id"])) == "authorization_pending"
    page = waiting(browser)
    assert "Tổng đài 1022" in page.text
    assert "Hồ sơ số 12" in page.text
    done = decide(browser)
    assert 'id="allowed"' in browser.http.get(done).text
    answer = app.poll(started["auth_req_id"])
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    claims = claims_of(answer.json()["id_token"])
    assert claims["aud"] == app.client_id
    assert not {"urn:openid:params:jwt:claim:auth_req_id", "nonce"} & claims.keys()
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert browser.http.get("/userinfo", headers=bearer).json()["given_name"] == "Linh"
    assert error(app.poll(started["auth_req_id"])) == "invalid_grant"  # once
    assert 'id="none"' in waiting(browser).text


def test_the_consent_page_shows_the_same_words(app: Asking, browser: Browser) -> None:
    """Section 7.1, binding_message; and always the consent, even where it was given before."""
    for message in ("Quầy 3 <b>", "Quầy 4"):
        app.started(binding_message=message)
        page = waiting(browser)
        form = {"csrf": csrf_of(page), "decision": "look", "request_id": _last_id(page.text)}
        target = browser.http.post("/account/requests", data=form).headers["location"]
        assert target.endswith("/consent")
        shown = browser.http.get(target).text
        assert message.replace("<", "&lt;").replace(">", "&gt;") in shown
        browser.submit(target, decision="allow")


def _last_id(text: str) -> str:
    return text.rpartition('name="request_id" value="')[2].partition('"')[0]


def test_an_app_may_want_a_fresh_sign_in(provider: Provider, browser: Browser) -> None:
    """``default_max_age`` of its registration holds here too."""
    app = asking(provider, default_max_age=0)
    started = app.started()
    target = decide(browser)
    assert target.endswith("/sign-in")
    consent = browser.sign_in(target).headers["location"]
    browser.submit(consent, decision="allow")
    claims = claims_of(app.poll(started["auth_req_id"]).json()["id_token"])
    assert claims["iat"] - claims["auth_time"] < 10


@pytest.mark.parametrize("way", ["deny", "refuse"])
def test_the_citizen_refuses(app: Asking, browser: Browser, way: str) -> None:
    """Section 11: on the list or on the consent page."""
    started = app.started()
    assert 'id="denied"' in browser.http.get(decide(browser, way)).text
    assert error(app.poll(started["auth_req_id"])) == "access_denied"


def test_polling_too_often(app: Asking) -> None:
    """Section 11: slow_down adds five seconds for good."""
    code = app.started()["auth_req_id"]
    assert error(app.poll(code)) == "authorization_pending"
    assert error(app.poll(code)) == "slow_down"
    with later(app.provider, 6):
        assert error(app.poll(code)) == "slow_down"  # ten seconds now
    with later(app.provider, 22):
        assert error(app.poll(code)) == "authorization_pending"


def test_it_goes_out_of_date(app: Asking, browser: Browser) -> None:
    """Section 11: expired_token; and the citizen can no longer agree."""
    started = app.started(requested_expiry="20")
    assert started["expires_in"] == 20
    page = waiting(browser)
    with later(app.provider, 20):
        assert error(app.poll(started["auth_req_id"])) == "expired_token"
        form = {"csrf": csrf_of(page), "decision": "look", "request_id": _last_id(page.text)}
        assert browser.http.post("/account/requests", data=form).status_code == 410


def test_it_goes_out_of_date_on_the_consent_page(app: Asking, browser: Browser) -> None:
    started = app.started(requested_expiry="20")
    page = waiting(browser)
    form = {"csrf": csrf_of(page), "decision": "look", "request_id": _last_id(page.text)}
    target = browser.http.post("/account/requests", data=form).headers["location"]
    with later(app.provider, 20):
        assert browser.submit(target, decision="allow").status_code == 410
    assert error(app.poll(started["auth_req_id"])) == "authorization_pending"  # nothing was decided


@pytest.mark.parametrize("asked", ["0", "-5", "1.5", "ten", "9" * 11, "٣"])
def test_requested_expiry_is_a_positive_integer(app: Asking, asked: str) -> None:
    assert error(app.ask(requested_expiry=asked)) == "invalid_request"


def test_requested_expiry_is_bounded(app: Asking) -> None:
    assert app.started(requested_expiry="1000000")["expires_in"] == LONGEST


def test_an_identifier_is_the_clients_own(app: Asking, browser: Browser) -> None:
    """Section 11: unknown, another client's, revoked with the consent."""
    other = asking(app.provider)
    started = app.started()
    decide(browser)
    assert error(other.poll(started["auth_req_id"])) == "invalid_grant"
    assert error(app.poll("mcb_unknown")) == "invalid_grant"
    assert error(app.post("/token", grant_type=CIBA)) == "invalid_request"
    assert app.poll(started["auth_req_id"]).status_code == 200


def test_two_polls_at_once_get_one_token(app: Asking, browser: Browser) -> None:
    started = app.started()
    decide(browser)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: app.poll(started["auth_req_id"]), range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 400]


def test_a_withdrawn_consent_gives_no_tokens(app: Asking, browser: Browser) -> None:
    started = app.started()
    decide(browser)
    page = browser.http.get("/account")
    form = {"csrf": csrf_of(page), "client_id": app.client_id}
    browser.http.post("/account/revoke", data=form)
    assert error(app.poll(started["auth_req_id"])) == "invalid_grant"


# who is asked (section 7.1)


def test_exactly_one_hint(app: Asking, browser: Browser) -> None:
    assert error(app.ask(login_hint=None)) == "invalid_request"
    assert error(app.ask(id_token_hint="a.b.c")) == "invalid_request"
    assert error(app.ask(login_hint_token="a.b.c")) == "invalid_request"


def test_the_sub_or_an_id_token_names_the_citizen(app: Asking, browser: Browser) -> None:
    first = tokens(app, browser)
    sub = claims_of(first["id_token"])["sub"]
    assert claims_of(tokens(app, browser, login_hint=sub)["id_token"])["sub"] == sub
    by_token = app.started(login_hint=None, id_token_hint=first["id_token"])
    decide(browser)
    assert claims_of(app.poll(by_token["auth_req_id"]).json()["id_token"])["sub"] == sub


def test_a_sub_from_an_ordinary_sign_in(provider: Provider, browser: Browser) -> None:
    client_id, secret = provider.add_client(
        grant_types=("authorization_code", CIBA), backchannel_token_delivery_mode="poll"
    )
    assert secret
    signed_in = browser.exchange(browser.code(client_id=client_id), auth=(client_id, secret)).json()
    app = Asking(provider, client_id, (client_id, secret))
    assert app.ask(login_hint=claims_of(signed_in["id_token"])["sub"]).status_code == 200


def test_hints_of_another_client(app: Asking, browser: Browser) -> None:
    other = asking(app.provider)
    theirs = tokens(other, browser)["id_token"]
    assert error(app.ask(login_hint=None, id_token_hint=theirs)) == "invalid_request"
    assert error(app.ask(login_hint=claims_of(theirs)["sub"] + "x")) == "unknown_user_id"


@pytest.mark.parametrize("hint", ["0193", "a b@c", "mai@example.vn", "x" * 300])
def test_a_hint_that_can_be_nobody(app: Asking, hint: str) -> None:
    """Section 13, unknown_user_id: for what tells the app nothing about who has an account."""
    assert error(app.ask(login_hint=hint)) == "unknown_user_id"


def test_a_number_without_an_account_looks_like_a_citizen_who_does_not_answer(app: Asking) -> None:
    """No enumeration: the answers, the polls and the limit are the same."""
    known, unknown = app.started(), app.started(login_hint=UNKNOWN)
    assert known.keys() == unknown.keys()
    assert len(known["auth_req_id"]) == len(unknown["auth_req_id"])
    for one in (known, unknown):
        answers = [error(app.poll(one["auth_req_id"])) for _ in range(2)]
        assert answers == ["authorization_pending", "slow_down"]
    with later(app.provider, 301):
        assert error(app.poll(unknown["auth_req_id"])) == "expired_token"


@pytest.mark.parametrize("hint", ["known", UNKNOWN])
def test_an_app_cannot_flood_a_citizen(app: Asking, hint: str, browser: Browser) -> None:
    hint = app.provider.number if hint == "known" else hint
    assert {app.ask(login_hint=hint).status_code for _ in range(MOST)} == {200}
    refused = app.ask(login_hint=hint)
    assert (error(refused, 429), refused.headers["retry-after"]) == ("too_many_attempts", str(WINDOW))
    assert asking(app.provider).ask(login_hint=hint).status_code == 200  # another app is not held up
    if hint == app.provider.number:
        decide(browser)  # the newest is the other app's
        decide(browser)  # a yes to this app counts for it
        assert app.ask().status_code == 200
        page = waiting(browser)
        form = {"csrf": csrf_of(page), "request_id": _last_id(page.text), "decision": "silence"}
        browser.http.post("/account/requests", data=form)


def test_the_limit_does_not_tell_whose_number_it_is(app: Asking, browser: Browser) -> None:
    """An app that knows somebody by ``sub`` learns nothing by trying numbers, nor of being silenced."""
    sub = claims_of(tokens(app, browser)["id_token"])["sub"]
    for _ in range(MOST):
        app.started()
    assert error(app.ask(), 429) == "too_many_attempts"
    assert app.ask(login_hint=sub).status_code == 200
    decide(browser, "silence")
    assert error(app.ask(), 429) == "too_many_attempts"  # no different from before


def test_an_app_that_is_silenced(app: Asking, browser: Browser) -> None:
    """Whatever it asks, and whatever waits from it, ends; it learns no more than of a citizen who sleeps."""
    first, second = app.started(), app.started()
    decide(browser, "silence")
    for one in (first, second):
        assert error(app.poll(one["auth_req_id"])) == "access_denied"
    third = app.started()
    assert error(app.poll(third["auth_req_id"])) == "authorization_pending"
    page = waiting(browser)
    assert 'id="none"' in page.text
    assert app.client_id in page.text
    form = {"csrf": csrf_of(page), "client_id": app.client_id}
    assert browser.http.post("/account/requests/hear", data=form).status_code == 303
    app.started()
    assert 'id="requests"' in waiting(browser).text


def test_login_hint_token(provider: Provider, browser: Browser) -> None:
    """Section 7.1; a JWT that the client signed, with a Subject Identifier (RFC 9493)."""
    key = ProofKey()
    app = replace(asking(provider, auth_method="private_key_jwt", jwks={"keys": [key.jwk]}), key=key)
    sub = sub_of(app, browser)

    def hint(identifier: Any, **changes: Any) -> str:
        claims = {"iss": app.client_id, "aud": ISSUER, "exp": int(time.time()) + 60, "sub_id": identifier}
        return jwt.encode(claims | changes, key.private, algorithm="ES256")

    good: list[dict[str, str]] = [
        {"format": "iss_sub", "iss": ISSUER, "sub": sub},
        {"format": "opaque", "id": provider.number},
    ]
    for identifier in good:
        app.started(login_hint=None, login_hint_token=hint(identifier))
        decide(browser)
    refused = {
        hint(good[0], exp=int(time.time()) - 60): "expired_login_hint_token",
        hint(good[0], aud="https://else.example"): "invalid_request",
        hint(good[0] | {"iss": "https://else.example"}): "unknown_user_id",
        hint({"format": "email", "email": "a@b.example"}): "unknown_user_id",
        hint([]): "unknown_user_id",
        "x": "invalid_request",
    }
    for token, code in refused.items():
        assert error(app.ask(login_hint=None, login_hint_token=token)) == code


def test_another_citizens_request_is_not_to_be_had(app: Asking, browser: Browser) -> None:
    """A request belongs to one account; a claims parameter that names another sub reaches nobody."""
    provider = app.provider
    number = provider.spare_number()
    create_citizen(provider.services, number=number, password="chè xanh Tân Cương")
    app.started()
    request_id = _last_id(waiting(browser).text)
    other = provider.browser()
    target = other.http.get("/account/requests").headers["location"]
    other.sign_in(target, number=number)
    page = other.http.get("/account/requests")
    assert 'id="none"' in page.text
    csrf = csrf_of(other.http.get("/account"))
    for decision in ("look", "deny", "silence"):
        form = {"csrf": csrf, "request_id": request_id, "decision": decision}
        assert other.http.post("/account/requests", data=form).status_code == 410
    decide(browser, "deny")
    app.started(claims='{"id_token": {"sub": {"value": "another"}}}')
    assert 'id="none"' in waiting(browser).text


def test_someone_else_who_signs_in_on_the_way_decides_nothing(app: Asking, browser: Browser) -> None:
    provider = app.provider
    started = app.started()
    page = waiting(browser)
    form = {"csrf": csrf_of(page), "decision": "look", "request_id": _last_id(page.text)}
    consent = browser.http.post("/account/requests", data=form).headers["location"]
    number = provider.spare_number()
    create_citizen(provider.services, number=number, password="chè xanh Tân Cương")
    done = browser.sign_in(consent.replace("/consent", "/sign-in"), number=number).headers["location"]
    assert 'id="failed"' in browser.http.get(done).text
    assert error(app.poll(started["auth_req_id"])) == "authorization_pending"
