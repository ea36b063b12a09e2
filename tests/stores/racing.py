"""Every object that serves once: how many are made for a race, and the step that only one process may win."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from idp.adapters.vault import Vault
from idp.domain.models import (
    Account,
    Authorization,
    AuthorizationCode,
    AuthorizationRequest,
    BackchannelRequest,
    Client,
    DeviceCode,
    Enrolment,
    Interaction,
    Profile,
    PushedRequest,
    RefreshToken,
    Session,
)
from idp.ports import Transaction
from idp.store.engine import open_engine
from idp.store.sql import SqlStore
from tests.stores.once import first

NOW = 1_800_000_000
LATER = NOW + 600
ROUNDS = 8
PERSON = Profile("019304000127", "Nguyễn Thị Mai", date(2004, 3, 15), "female", "Việt Nam", "A", "B", "C")
GRANTED = Authorization("aut", "cli", "acc", None, ("openid",), NOW, ("pwd",), "a", NOW)
REQUEST = AuthorizationRequest("cli", "https://app.example/cb", ("openid",), None, None, "c" * 43)
Step = Callable[[Transaction, int], Any]


def key(kind: str, number: int) -> str:
    return f"{kind}-{number}".ljust(64, "x")


def device(number: int, state: str) -> DeviceCode:
    letters = "BCDFGHJKLM"[number] * 7 + ("P" if state == "pending" else "Q")
    code = DeviceCode(key(state, number), letters, "cli", {"scope": ["openid"], "resources": []}, 5, LATER)
    return code if state == "pending" else replace(code, state="approved", authorization_id="aut")


def backchannel(number: int, state: str) -> BackchannelRequest:
    asked = BackchannelRequest(key(state, number), "cli", "acc", REQUEST, None, None, 5, NOW, LATER)
    return asked if state == "pending" else replace(asked, state="approved", authorization_id="aut")


ENROLMENT = Enrolment("", "b" * 64, "check", "credential", (), NOW, LATER)


def prepare(tx: Transaction) -> None:
    """One object of each kind for each round."""
    tx.clients.add(Client("cli", "App", (), "none"), NOW)
    tx.accounts.add(Account("acc", PERSON, 2, NOW))
    tx.authorizations.add(GRANTED)
    for n in range(ROUNDS):
        tx.authorizations.add_code(AuthorizationCode(key("code", n), "aut", "https://x", "c" * 43, LATER))
        tx.pushed.add(PushedRequest(key("par", n), "cli", {}, LATER))
        for state in ("pending", "approved"):
            tx.device_codes.add(device(n, state), NOW)
            tx.backchannel.add(backchannel(n, state))
        tx.tokens.add_refresh(RefreshToken(key("refresh", n), "aut", NOW, LATER))
        tx.registration_tokens.add(key("initial", n), 1, {}, LATER)
        tx.clients.add(Client(key("client", n), "App", (), "none", registration_token_hash="old"), NOW)
        tx.interactions.add(Interaction(key("i", n), "b" * 64, None, "/", NOW, LATER))
        tx.admins.add_link(key("link", n), LATER)
        tx.challenges.put(key("webauthn", n), b"c", LATER)
        tx.sessions.add(Session(key("sid", n), "acc", NOW, ("pwd",), NOW, NOW), key("session", n))
        tx.enrolments.add(replace(ENROLMENT, enrolment_id=key("enrolment", n)))
        tx.deliveries.add("cli", "acc", key("sid", n), NOW + n)


def _account(tx: Transaction, n: int) -> bool:
    """Two people at once with one personal number."""
    person = replace(PERSON, number=f"0193040002{n:02}")
    return tx.accounts.add(Account(f"{n}-{id(tx)}", person, 2, NOW))


def _finished(tx: Transaction, n: int) -> bool:
    done = replace(ENROLMENT, enrolment_id=key("enrolment", n), state="done")
    return tx.enrolments.update(done, was="credential")


RACES: dict[str, Step] = {
    "authorization code (RFC 6749, 4.1.2)": lambda tx, n: first(
        lambda lost: tx.authorizations.use_code(key("code", n), NOW, lost)
    ),
    "request_uri (RFC 9126, 7.3)": lambda tx, n: tx.pushed.use(key("par", n), NOW),
    "device decision (RFC 8628)": lambda tx, n: tx.device_codes.decide(
        device(n, "pending").user_code, NOW, authorization_id="aut"
    ),
    "device code (RFC 8628, 3.5)": lambda tx, n: tx.device_codes.use(key("approved", n)),
    "CIBA decision": lambda tx, n: tx.backchannel.decide(
        key("pending", n), NOW, state="approved", authorization_id="aut"
    ),
    "auth_req_id (CIBA, 11)": lambda tx, n: tx.backchannel.use(key("approved", n)),
    "refresh token (RFC 9700, 4.14.2)": lambda tx, n: first(
        lambda lost: tx.tokens.use_refresh(key("refresh", n), NOW, lost)
    ),
    "DPoP jti (RFC 9449, 11.1)": lambda tx, n: tx.challenges.claim(f"dpop:{n}", LATER),
    "assertion jti (RFC 7523, 3)": lambda tx, n: tx.challenges.claim(f"jti:cli:{n}", LATER),
    "initial access token (RFC 7591, 1.2)": lambda tx, n: tx.registration_tokens.use(key("initial", n), NOW),
    "registration access token (RFC 7592, 2.2)": lambda tx, n: tx.clients.update(
        Client(key("client", n), "App", (), "none", registration_token_hash="new"), was="old"
    ),
    "interaction": lambda tx, n: first(lambda lost: tx.interactions.finish(key("i", n), lost)),
    "one-time link of the admin": lambda tx, n: tx.admins.use_link(key("link", n), NOW),
    "WebAuthn challenge": lambda tx, n: tx.challenges.take(key("webauthn", n), NOW),
    "end of a session": lambda tx, n: tx.sessions.remove(key("sid", n)),
    "step of an enrolment": _finished,
    "account of a number": _account,
    "logout delivery (only the n-th is due)": lambda tx, n: tx.deliveries.claim(NOW + n, 10_000),
}


def run(url: str, barrier: Any, results: Any) -> None:
    """One process: each step of each race in a transaction of its own, at the same time as the other's."""
    engine = open_engine(url)
    store = SqlStore(engine, Vault(b"k" * 32))
    won = []
    for name, step in RACES.items():
        for number in range(ROUNDS):
            barrier.wait(30)
            with store.begin() as tx:
                if step(tx, number):
                    won.append((name, number))
    results.put(won)
    engine.dispose()
