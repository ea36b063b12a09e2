"""Sign-in by personal number and password, or by passkey."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from idp.domain.errors import CheckRefused, PageError
from idp.domain.models import Client, Interaction
from idp.domain.response import Answer
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases import sessions, throttle
from idp.usecases.authorize import arrive, find
from idp.usecases.services import Services

WINDOW = 15 * 60  # seconds
MAX_FAILURES = 10  # per account, and per address times five, in one window


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The new session's token for the cookie, and where the browser goes next."""

    session_token: str
    next_url: str
    abandoned_check: str | None = None  # of an enrolment that this sign-in ended


def view(services: Services, interaction_id: str, *, browser: str) -> tuple[Interaction, Client | None]:
    """What the page shows; no client where the way leads to a page of ours."""
    with services.store.read() as tx:
        tx.ahead(interaction=interaction_id, client_of=interaction_id)
        interaction = find(services, tx, interaction_id, browser)
        request = interaction.request
        return interaction, tx.clients.get(request.client_id) if request else None


@dataclass(frozen=True, slots=True)
class Attempt:
    """Counted, and not yet looked at. ``stored``: the hash of the account's password."""

    interaction: Interaction
    account_id: str | None
    stored: str | None
    key: str
    records: list[int]


def attempt(services: Services, interaction_id: str, *, number: str, browser: str, address: str) -> Attempt:
    """Before the password is looked at, so that guesses sent at the same time count too.

    Raises PageError("too_many_attempts").
    """
    key, place = f"number:{number}", f"address:{throttle.network(address)}"
    with services.store.begin() as tx:
        tx.ahead(interaction=interaction_id, number=number)
        interaction = find(services, tx, interaction_id, browser)
        records = throttle.attempt(services, tx, {key: MAX_FAILURES, place: 5 * MAX_FAILURES}, WINDOW)
        account = tx.accounts.by_number(number)
        stored = tx.accounts.password_hash(account.account_id) if account else None
    return Attempt(interaction, account.account_id if account else None, stored, key, records)


def with_password(
    services: Services, made: Attempt, *, right: bool, old_token: str | None, device: str = ""
) -> SignedIn:
    """After the password was compared with ``made.stored``, outside of any transaction.

    Raises PageError("login_failed") for an unknown number and a wrong password alike.
    """
    if made.account_id is None or not right:
        raise PageError("login_failed", status=401)
    with services.store.begin() as tx:
        request = made.interaction.request
        tx.ahead(
            services.clock(),
            account=made.account_id,
            browser=made.interaction.browser_hash,
            client=request.client_id if request else None,
            old_session=hash_secret(old_token) if old_token else None,
        )
        tx.throttle.clear(made.key)
        tx.throttle.forgive(made.records[1:])  # the first went with its key
        return finish(services, tx, made.interaction, made.account_id, ("pwd",), old_token, device)


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
    abandoned = abandon(services, tx, interaction.browser_hash)
    authenticated = replace(interaction, authenticated_at=session.auth_time)
    account = tx.accounts.get(account_id)
    target = arrive(services, tx, authenticated, token, (session, account) if account else None)
    if isinstance(target, Answer):
        return SignedIn(token, target.url, abandoned)
    tx.interactions.mark_authenticated(interaction.interaction_id, session.auth_time)
    return SignedIn(token, target, abandoned)


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
