"""OpenID Connect Back-Channel Logout 1.0 at the app: a sign-out elsewhere ends the session here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from motcham import ConfigurationError
from motcham.stores import MemoryStore, SqlStore, open_store

from tests.unit.sdk.conftest import City, Switch, browser, city_app
from tests.unit.sdk.peer import CLIENT_ID, Peer, SigningKey

EVENT = "http://schemas.openid.net/event/backchannel-logout"
KINDS = ("cookie", "memory:", "sqlite")


@pytest.fixture(params=KINDS)
def anywhere(
    request: pytest.FixtureRequest, peer: Peer, served_city: tuple[Switch, str], tmp_path: Path
) -> Iterator[City]:
    """The app with its sessions in each place."""
    switch, url = served_city
    kind = f"sqlite:///{tmp_path}/s.db" if request.param == "sqlite" else request.param
    switch.app, motcham = city_app(peer.issuer, sessions=kind)
    yield City(url, motcham)
    motcham.close()


def logout_claims(peer: Peer, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {"iss": peer.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": "j1"}
    claims |= {"sub": "pairwise-1", "sid": "s1", "events": {EVENT: {}}} | changes
    return {name: value for name, value in claims.items() if value is not None}


def send(city: City, token: str) -> httpx.Response:
    """What the provider does: no cookies, no Origin."""
    with browser() as provider:
        return provider.post(f"{city.url}/motcham/backchannel-logout", data={"logout_token": token})


def signed_in(peer: Peer, city: City, sid: str | None = "s1") -> httpx.Client:
    peer.do.id_token = lambda claims: claims | ({"sid": sid} if sid else {})
    tab = browser()
    assert tab.get(f"{city.url}/me").json()["sub"] == "pairwise-1"
    return tab


def is_signed_in(tab: httpx.Client, city: City) -> bool:
    return "hello" in tab.get(f"{city.url}/").text


def test_the_session_of_one_sign_in_ends(peer: Peer, anywhere: City) -> None:
    here, elsewhere = signed_in(peer, anywhere), signed_in(peer, anywhere, "s2")
    answer = send(anywhere, peer.keys[0].sign(logout_claims(peer), typ="logout+jwt"))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert not is_signed_in(here, anywhere)
    assert is_signed_in(elsewhere, anywhere)
    assert here.get(f"{anywhere.url}/me").status_code == 200  # signs in again
    peer.do.id_token = lambda claims: claims | {"sid": "s3"}


def test_without_a_sid_every_session_of_the_citizen_ends(peer: Peer, anywhere: City) -> None:
    tabs = signed_in(peer, anywhere), signed_in(peer, anywhere, "s2"), signed_in(peer, anywhere, None)
    peer.do.claims = peer.do.claims | {"sub": "pairwise-2"}
    other = browser()
    other.get(f"{anywhere.url}/me")
    assert send(anywhere, peer.keys[0].sign(logout_claims(peer, sid=None))).status_code == 200
    assert [is_signed_in(tab, anywhere) for tab in tabs] == [False] * 3
    assert is_signed_in(other, anywhere)


def test_a_replayed_token_does_not_end_what_began_after_it(peer: Peer, anywhere: City) -> None:
    tab = signed_in(peer, anywhere)
    then = int(time.time()) - 100
    old = logout_claims(peer, sid=None, iat=then, exp=then + 400)
    assert send(anywhere, peer.keys[0].sign(old)).status_code == 200
    assert is_signed_in(tab, anywhere)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "issuer": ({"iss": "https://else.example"}, "logout_token_issuer"),
    "audience": ({"aud": "another"}, "logout_token_audience"),
    "audience is a number": ({"aud": 7}, "logout_token_audience"),
    "expired": ({"exp": 1}, "logout_token_expired"),
    "issued later": ({"iat": 4_000_000_000}, "logout_token_expired"),
    "without exp": ({"exp": None}, "logout_token_malformed"),
    "without events": ({"events": None}, "logout_token_event"),
    "another event": ({"events": {"urn:else": {}}}, "logout_token_event"),
    "event is no object": ({"events": {EVENT: True}}, "logout_token_event"),
    "a nonce": ({"nonce": "n"}, "logout_token_nonce"),
    "neither sub nor sid": ({"sub": None, "sid": None}, "logout_token_malformed"),
    "without jti": ({"jti": None}, "logout_token_malformed"),
    "sid is no text": ({"sid": 7}, "logout_token_malformed"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_token_ends_nothing(peer: Peer, city: City, name: str) -> None:
    """Section 2.6."""
    changes, code = WRONG[name]
    tab = signed_in(peer, city)
    answer = send(city, peer.keys[0].sign(logout_claims(peer, **changes)))
    assert (answer.status_code, answer.json()["error_description"]) == (400, code)
    assert is_signed_in(tab, city)


FORGED: dict[str, Callable[[Peer], str]] = {
    "another key": lambda peer: SigningKey(peer.keys[0].kid).sign(logout_claims(peer)),
    "no signature": lambda peer: jwt.encode(logout_claims(peer), None, algorithm="none"),
    "the secret": lambda peer: jwt.encode(logout_claims(peer), "s3cret:with+signs%" * 2, algorithm="HS256"),
    "another kind": lambda peer: peer.keys[0].sign(logout_claims(peer), typ="at+jwt"),
    "no token": lambda peer: "",
    "rubbish": lambda peer: "a.b.c",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_ends_nothing(peer: Peer, city: City, name: str) -> None:
    tab = signed_in(peer, city)
    assert send(city, FORGED[name](peer)).status_code == 400
    assert is_signed_in(tab, city)


def test_an_id_token_is_no_logout_token(peer: Peer, city: City) -> None:
    now = int(time.time())
    claims = {"iss": peer.issuer, "aud": CLIENT_ID, "sub": "pairwise-1", "iat": now, "exp": now + 300}
    tab = signed_in(peer, city)
    assert send(city, peer.keys[0].sign(claims | {"nonce": "n", "sid": "s1"})).status_code == 400
    assert is_signed_in(tab, city)


def test_a_large_body_is_refused(city: City) -> None:
    assert send(city, "x" * 70_000).status_code == 413


def test_the_provider_is_asked_to_come_again_when_its_keys_cannot_be_had(peer: Peer, city: City) -> None:
    peer.do.discovery_status = 500
    assert send(city, peer.keys[0].sign(logout_claims(peer))).status_code == 503


def test_a_stored_session_is_sealed_and_survives_the_process(
    peer: Peer, served_city: tuple[Switch, str], tmp_path: Path
) -> None:
    switch, url = served_city
    store = f"sqlite:///{tmp_path}/s.db"
    switch.app, motcham = city_app(peer.issuer, sessions=store)
    city = City(url, motcham)
    tab = signed_in(peer, city)
    switch.app, again = city_app(peer.issuer, sessions=store)
    assert is_signed_in(tab, city)
    kept = (tmp_path / "s.db").read_bytes()
    assert not any(word in kept for word in (b"pairwise-1", "Ánh".encode(), b's1"'))
    assert all(value not in kept.decode("latin-1") for value in tab.cookies.values())
    for each in (motcham, again):
        each.close()


def test_a_lost_database_is_a_page_with_a_code(
    peer: Peer, served_city: tuple[Switch, str], tmp_path: Path
) -> None:
    switch, url = served_city
    switch.app, motcham = city_app(peer.issuer, sessions=f"sqlite:///{tmp_path}/s.db")
    tab = signed_in(peer, City(url, motcham))
    (tmp_path / "s.db").write_bytes(b"not a database any more" * 100)
    answer = tab.get(f"{url}/me")
    assert answer.status_code == 503
    assert "session_store_unavailable" in answer.text
    motcham.close()


@pytest.mark.parametrize("url", ["nonsense", "nodialect:///x"])
def test_an_unusable_store_is_refused_at_start(url: str) -> None:
    with pytest.raises(ConfigurationError, match="MOTCHAM_SESSIONS"):
        open_store(url)


def test_stores_by_name(tmp_path: Path) -> None:
    assert open_store(None) is open_store("cookie") is None
    assert isinstance(open_store("memory:"), MemoryStore)
    assert isinstance(open_store(f"sqlite:///{tmp_path}/x.db"), SqlStore)
