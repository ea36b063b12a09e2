"""Sign-in by personal number and password, or by passkey."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from dataclasses import dataclass, replace
from typing import Any

from idp.domain.errors import PageError
from idp.domain.models import Interaction
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases import sessions
from idp.usecases.authorize import advance, find
from idp.usecases.services import Services

WINDOW = 15 * 60  # seconds
MAX_FAILURES = 10  # per account, and per address times five, in one window


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The new session's token for the cookie, and where the browser goes next."""

    session_token: str
    next_url: str


def with_password(
    services: Services,
    interaction_id: str,
    *,
    number: str,
    password: str,
    browser: str,
    address: str,
    old_token: str | None,
    device: str = "",
) -> SignedIn:
    """Raises PageError: ``login_failed`` for an unknown number and a wrong password alike,
    ``too_many_attempts``."""
    keys = ("number:" + hash_secret(number), "address:" + hash_secret(address))
    with services.store.begin() as tx:
        interaction = find(services, tx, interaction_id, browser)
        _refuse_guessing(services, tx, keys)
        account = tx.accounts.by_number(number)
        stored = tx.accounts.password_hash(account.account_id) if account else None
    # Hashing takes a tenth of a second: no transaction is held open meanwhile.
    right = services.passwords.verify(password, stored)
    with services.store.begin() as tx:
        now = services.clock()
        if account is None or not right:
            for key in keys:
                tx.throttle.record(key, now)
        else:
            tx.throttle.clear(keys[0])
            return finish(services, tx, interaction, account.account_id, ("pwd",), old_token, device)
    raise PageError("login_failed", status=401)


def _refuse_guessing(services: Services, tx: Transaction, keys: tuple[str, str]) -> None:
    since = services.clock() - WINDOW
    number_key, address_key = keys
    if (
        tx.throttle.failures(number_key, since) >= MAX_FAILURES
        or tx.throttle.failures(address_key, since) >= 5 * MAX_FAILURES
    ):
        raise PageError("too_many_attempts", status=429)


def passkey_options(services: Services, interaction_id: str, *, browser: str) -> str:
    """Request options as JSON (WebAuthn Level 3, section 5.5); any of our passkeys may answer."""
    options, challenge = services.passkeys.request_options()
    with services.store.begin() as tx:
        interaction = find(services, tx, interaction_id, browser)
        expires_at = services.clock() + services.lifetimes.interaction
        tx.challenges.put(f"get:{interaction.interaction_id}", challenge, expires_at)
    return options


def with_passkey(
    services: Services,
    interaction_id: str,
    credential: dict[str, Any],
    *,
    browser: str,
    old_token: str | None,
    device: str = "",
) -> SignedIn:
    """Raises PageError("passkey_failed")."""
    with services.store.begin() as tx:
        interaction = find(services, tx, interaction_id, browser)
        challenge = tx.challenges.take(f"get:{interaction.interaction_id}", services.clock())
    with services.store.begin() as tx:
        passkey = tx.accounts.passkey(_credential_id(credential))
        if passkey is None or challenge is None:
            raise PageError("passkey_failed", status=401)
        try:
            count = services.passkeys.verify_request(credential, challenge, passkey)
        except ValueError:
            raise PageError("passkey_failed", status=401) from None
        tx.accounts.used_passkey(passkey.credential_id, count)
        return finish(services, tx, interaction, passkey.account_id, ("hwk", "user"), old_token, device)


def finish(
    services: Services,
    tx: Transaction,
    interaction: Interaction,
    account_id: str,
    amr: tuple[str, ...],
    old_token: str | None,
    device: str = "",
) -> SignedIn:
    """Starts the session and moves the interaction on (``amr``: RFC 8176)."""
    token, session = sessions.start(services, tx, account_id, amr, old_token, device)
    tx.interactions.mark_authenticated(interaction.interaction_id, session.auth_time)
    authenticated = replace(interaction, authenticated_at=session.auth_time)
    return SignedIn(token, advance(services, tx, authenticated, token))


def _credential_id(credential: dict[str, Any]) -> bytes:
    text = credential.get("rawId", "")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (TypeError, ValueError):
        raise PageError("passkey_failed", status=400) from None
