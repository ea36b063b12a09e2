"""Sign-ins under way, one cookie each, so that several tabs do not disturb one another."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict

from ._flow import Transaction
from ._sealed import SealedBox, SetCookie
from .errors import CallbackError, SignInExpired, StateMismatch

LIFETIME = 3600  # seconds; a first enrolment at the provider, with card and face, takes minutes
MAX_OPEN = 5  # half a KB each, up to 2 with a long return address


class TransactionCookies:
    """Keeps a Transaction in the cookie ``<name>-<hash of state>``: only its own browser can finish it."""

    def __init__(self, box: SealedBox, name: str) -> None:
        self._box = box
        self._prefix = f"{name}-t-"

    def put(self, transaction: Transaction, cookies: Mapping[str, str], now: float) -> list[SetCookie]:
        """The new cookie, and deletions of dead ones and of the oldest above ``MAX_OPEN``."""
        opened = {n: self._open(n, v) for n, v in cookies.items() if n.startswith(self._prefix)}
        alive = {n: t for n, t in opened.items() if t and now - t.created < LIFETIME}
        newest = sorted(alive, key=lambda n: alive[n].created, reverse=True)[: MAX_OPEN - 1]
        name = self._name(transaction.state)
        new = SetCookie(name, self._box.seal(name, asdict(transaction)), LIFETIME)
        return [new, *(SetCookie(n, "", 0) for n in opened if n not in newest)]

    def get(self, state: str | None, cookies: Mapping[str, str], now: float) -> Transaction:
        """The transaction that ``state`` belongs to; raises StateMismatch or SignInExpired."""
        if not state:
            raise CallbackError("callback_malformed", "no state in the answer")
        if not cookies:
            raise StateMismatch("cookies_missing", "the browser sent no cookies at all")
        name = self._name(state)
        transaction = self._open(name, cookies.get(name, ""))
        if transaction is None or transaction.state != state:
            raise StateMismatch("state_mismatch", "no sign-in under way in this browser has that state")
        if now - transaction.created >= LIFETIME:
            raise SignInExpired("sign_in_expired", f"the sign-in took over {LIFETIME} s")
        return transaction

    def drop(self, state: str) -> SetCookie:
        """Deletes the cookie: a transaction is used once."""
        return SetCookie(self._name(state), "", 0)

    def _name(self, state: str) -> str:
        return self._prefix + hashlib.sha256(state.encode()).hexdigest()[:16]

    def _open(self, name: str, text: str) -> Transaction | None:
        value = self._box.open(name, text) if text else None
        return Transaction(**{**value, "scope": tuple(value["scope"])}) if value else None
