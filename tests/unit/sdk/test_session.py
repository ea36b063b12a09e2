"""Cookies: sealed, bound to their purpose, split when large, silent when wrong."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from motcham import SessionTooLarge, SignInExpired, StateMismatch
from motcham._flow import begin
from motcham._sealed import SealedBox, SetCookie
from motcham._transactions import LIFETIME, TransactionCookies
from motcham.session import CHUNK, CookieSessions, Session

BOX = SealedBox("a client secret", "app-1")
SESSIONS = CookieSessions(BOX, "motcham-x")
NOW = 1_800_000_000


def session(**claims: Any) -> Session:
    return Session({"sub": "s", **claims}, ("openid",), "a.b.c", NOW, NOW + 100)


def jar(cookies: list[SetCookie], before: dict[str, str] | None = None) -> dict[str, str]:
    """What the browser holds after the cookies were set."""
    held = dict(before or {})
    for cookie in cookies:
        held.pop(cookie.name, None)
        if cookie.max_age:
            held[cookie.name] = cookie.value
    return held


def test_a_session_comes_back_as_it_was() -> None:
    saved = jar(SESSIONS.save(session(name="Ánh"), {}, NOW))
    assert list(saved) == ["motcham-x"]
    assert "Ánh" not in saved["motcham-x"]
    assert SESSIONS.load(saved, NOW) == session(name="Ánh")


def test_a_session_ends() -> None:
    saved = jar(SESSIONS.save(session(), {}, NOW))
    assert SESSIONS.load(saved, NOW + 99) is not None
    assert SESSIONS.load(saved, NOW + 100) is None


@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    sealed = BOX.seal("p", {"a": 1})
    raw = bytearray(base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    assert BOX.open("p", base64.urlsafe_b64encode(raw).rstrip(b"=").decode()) is None


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    assert BOX.open("p", text) is None
    assert SESSIONS.load({"motcham-x": text}, NOW) is None


def test_keys_differ_by_secret_client_and_purpose() -> None:
    sealed = BOX.seal("p", {"a": 1})
    assert BOX.open("p", sealed) == {"a": 1}
    assert BOX.open("q", sealed) is None
    assert SealedBox("another secret", "app-1").open("p", sealed) is None
    assert SealedBox("a client secret", "app-2").open("p", sealed) is None


def test_a_large_session_is_split_and_shrinks_again() -> None:
    large = session(note="x" * CHUNK)
    saved = jar(SESSIONS.save(large, {}, NOW))
    assert sorted(saved) == ["motcham-x", "motcham-x.1"]
    assert all(len(name) + len(value) + 60 < 4096 for name, value in saved.items())
    assert SESSIONS.load(saved, NOW) == large
    assert SESSIONS.load({"motcham-x": saved["motcham-x"]}, NOW) is None
    smaller = jar(SESSIONS.save(session(), saved, NOW), saved)
    assert list(smaller) == ["motcham-x"]
    assert SESSIONS.load(smaller, NOW) == session()
    assert jar(SESSIONS.clear(saved), saved) == {}


def test_the_id_token_goes_first_when_room_is_short() -> None:
    tight = Session({"sub": "s", "note": "x" * 4000}, (), "t" * 3000, NOW, NOW + 100)
    loaded = SESSIONS.load(jar(SESSIONS.save(tight, {}, NOW)), NOW)
    assert loaded is not None
    assert loaded.id_token is None
    with pytest.raises(SessionTooLarge):
        SESSIONS.save(session(note="x" * 6000), {}, NOW)


def test_a_transaction_is_bound_to_its_cookie_and_its_time() -> None:
    transactions = TransactionCookies(BOX, "motcham-x")
    one, two = begin("/one", NOW, level=2, scope=("address",)), begin("/two", NOW)
    held = jar(transactions.put(one, {}, NOW))
    held |= jar(transactions.put(two, held, NOW))
    assert transactions.get(one.state, held, NOW) == one
    assert transactions.get(two.state, held, NOW) == two
    first, second = held
    with pytest.raises(StateMismatch):
        transactions.get(one.state, {first: held[second], second: held[first]}, NOW)
    with pytest.raises(StateMismatch):
        transactions.get(one.state, jar([transactions.drop(one.state)], held), NOW)
    with pytest.raises(SignInExpired):
        transactions.get(one.state, held, NOW + LIFETIME)


def test_dead_transactions_are_swept() -> None:
    transactions = TransactionCookies(BOX, "motcham-x")
    held = jar(transactions.put(begin("/", NOW - LIFETIME), {}, NOW - LIFETIME))
    held["motcham-x-t-0000000000000000"] = "rubbish"
    assert len(jar(transactions.put(begin("/", NOW), held, NOW), held)) == 1
