"""Sign-in by personal number and password, or by passkey."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from idp.domain.errors import CheckRefused, PageError
from idp.domain.models import Interaction
from idp.ports import Transaction
from idp.usecases import sessions, throttle
from idp.usecases.authorize import advance, find
from idp.usecases.services import Services

WINDOW = 15 * 60  # seconds
MAX_FAILURES = 10  # per account, and per address times five, in one window


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The new session's token for the cookie, and where the browser goes next."""

    session_token: str
    next_url: str
    abandoned_check: str | None = None  # of an enrolment that this sign-in ended


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
    keys = (f"number:{number}", f"address:{throttle.network(address)}")
    with services.store.begin() as tx:
        interaction = find(services, tx, interaction_id, browser)
        # Counted before the password is looked at, so that guesses sent at the same time count too.
        attempts = throttle.attempt(services, tx, {keys[0]: MAX_FAILURES, keys[1]: 5 * MAX_FAILURES}, WINDOW)
        account = tx.accounts.by_number(number)
        stored = tx.accounts.password_hash(account.account_id) if account else None
    # Hashing takes a tenth of a second: no transaction is held open meanwhile.
    right = services.passwords.verify(password, stored)
    if account is None or not right:
        raise PageError("login_failed", status=401)
    with services.store.begin() as tx:
        tx.throttle.clear(keys[0])
        tx.throttle.forgive(attempts)
        done = finish(services, tx, interaction, account.account_id, ("pwd",), old_token, device)
    return forget_abandoned(services, done)


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
        done = finish(services, tx, interaction, passkey.account_id, ("hwk", "user"), old_token, device)
    return forget_abandoned(services, done)


def finish(
    services: Services,
    tx: Transaction,
    interaction: Interaction,
    account_id: str,
    amr: tuple[str, ...],
    old_token: str | None,
    device: str = "",
) -> SignedIn:
    """Starts the session and moves the interaction on (``amr``: RFC 8176).

    An enrolment that is open in this browser ends: on a shared device the next person must not go on with it.
    """
    token, session = sessions.start(services, tx, account_id, amr, old_token, device)
    tx.interactions.mark_authenticated(interaction.interaction_id, session.auth_time)
    authenticated = replace(interaction, authenticated_at=session.auth_time)
    abandoned = abandon(services, tx, interaction.browser_hash)
    return SignedIn(token, advance(services, tx, authenticated, token), abandoned)


def abandon(services: Services, tx: Transaction, browser_hash: str) -> str | None:
    """Ends the browser's open enrolment, unless an officer has it; the engine's id of it."""
    enrolment = tx.enrolments.open_of(browser_hash, services.clock())
    if enrolment is None or enrolment.state == "waiting":
        return None
    ended = replace(enrolment, state="done", profile=None, code="signed_in")
    return enrolment.check_id if tx.enrolments.update(ended, was=enrolment.state) else None


def forget_abandoned(services: Services, done: SignedIn) -> SignedIn:
    """After the transaction: the engine deletes the pictures at once, or later by its own retention."""
    if done.abandoned_check:
        with suppress(CheckRefused):
            services.checker.discard(done.abandoned_check)
    return done


def _credential_id(credential: dict[str, Any]) -> bytes:
    text = credential.get("rawId", "")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (TypeError, ValueError):
        raise PageError("passkey_failed", status=400) from None
