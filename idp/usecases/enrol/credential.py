"""The last step: a passkey or a password, and with it the account, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from idp.domain.errors import PageError
from idp.domain.models import Account, Enrolment, Passkey, Proofing
from idp.domain.password_policy import check_password
from idp.ports import Transaction
from idp.tokens import new_id
from idp.usecases import sessions
from idp.usecases.authorize import find as find_interaction
from idp.usecases.enrol.find import move, require
from idp.usecases.services import Services
from idp.usecases.sign_in import SignedIn, finish


def with_password(
    services: Services,
    interaction_id: str,
    *,
    password: str,
    again: str,
    browser: str,
    old_token: str | None,
    device: str = "",
) -> SignedIn:
    """Raises PageError with the rule that the password breaks, or ``account_exists``."""
    enrolment = require(services, interaction_id, "credential", browser=browser)
    assert enrolment.profile is not None
    hashed = services.passwords.hash(check_password(password, again, number=enrolment.profile.number))

    def save(tx: Transaction, account_id: str) -> None:
        tx.accounts.set_password(account_id, hashed)

    return _complete(services, interaction_id, enrolment, save, ("pwd",), browser, old_token, device)


def passkey_options(services: Services, interaction_id: str, *, browser: str) -> str:
    """Creation options as JSON (WebAuthn Level 3, section 5.4)."""
    enrolment = require(services, interaction_id, "credential", browser=browser)
    assert enrolment.profile is not None
    user_id = (enrolment.account_id or enrolment.enrolment_id).encode()
    options, challenge = services.passkeys.creation_options(user_id, enrolment.profile.full_name, ())
    with services.store.begin() as tx:
        tx.challenges.put(_key(enrolment), challenge, services.clock() + services.lifetimes.interaction)
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
    """Raises PageError: ``passkey_failed``, ``account_exists``."""
    enrolment = require(services, interaction_id, "credential", browser=browser)
    with services.store.begin() as tx:
        challenge = tx.challenges.take(_key(enrolment), services.clock())
    try:
        if challenge is None:
            raise ValueError("no ceremony is open")
        created = services.passkeys.verify_creation(credential, challenge)
    except ValueError:
        raise PageError("passkey_failed", status=422) from None

    def save(tx: Transaction, account_id: str) -> None:
        credential_id, public_key, count = created
        if tx.accounts.passkey(credential_id) is not None:
            raise PageError("passkey_failed", status=422)
        tx.accounts.add_passkey(Passkey(credential_id, account_id, public_key, count), services.clock())

    return _complete(services, interaction_id, enrolment, save, ("hwk", "user"), browser, old_token, device)


def _complete(
    services: Services,
    interaction_id: str,
    enrolment: Enrolment,
    save: Callable[[Transaction, str], None],
    amr: tuple[str, ...],
    browser: str,
    old_token: str | None,
    device: str = "",
) -> SignedIn:
    assert enrolment.profile is not None
    now = services.clock()
    duplicate: Account | None = None
    with services.store.begin() as tx:
        interaction = find_interaction(services, tx, interaction_id, browser)
        account_id = enrolment.account_id or new_id()
        proofing = proofing_of(enrolment, now)
        if enrolment.account_id:  # recovery: nobody keeps the old means or sessions
            tx.accounts.remove_credentials(account_id)
            known = tx.accounts.get(account_id)
            if known is None or known.level <= enrolment.level:
                tx.accounts.prove(account_id, enrolment.profile, enrolment.level, proofing)
            sessions.end_all(services, tx, account_id)
            tx.authorizations.revoke_for_account(account_id, now)
            tx.audit.write("account.recovered", now, account_id=account_id)
        elif tx.accounts.add(Account(account_id, enrolment.profile, enrolment.level, now, proofing)):
            tx.audit.write(
                "account.created", now, account_id=account_id, by="citizen", decision=enrolment.decision
            )
        else:
            duplicate = tx.accounts.by_number(enrolment.profile.number)
        if duplicate is None:
            _close(tx, enrolment)
            save(tx, account_id)
            done = finish(services, tx, interaction, account_id, amr, old_token, device)
    if duplicate is not None:
        move(services, enrolment, "exists", code="account_exists", account_id=duplicate.account_id)
        raise PageError("account_exists", status=409)
    services.tasks.wake()
    services.checker.discard(enrolment.check_id, enrolled=True)
    return done


def proofing_of(enrolment: Enrolment, now: int) -> Proofing:
    """What was really gathered: the engine's decision, and an officer's look where there was one."""
    decision = enrolment.decision
    return Proofing(
        procedure="remote-unattended",
        at=decision.get("decided_at", now),
        transaction=new_id(),
        checks=tuple(decision.get("checks", ())),
        reviewed=decision.get("verdict") == "review",
    )


def _close(tx: Transaction, enrolment: Enrolment) -> None:
    """Marks the enrolment done and drops its copy of the profile; only one request can."""
    if not tx.enrolments.update(replace(enrolment, state="done", profile=None), was="credential"):
        raise PageError("step_out_of_order", status=409)


def _key(enrolment: Enrolment) -> str:
    return f"create:{enrolment.enrolment_id}"
