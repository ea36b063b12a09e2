"""A citizen's e-mail address and phone number: proven by a code, changed, removed."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from idp.domain.contact import CODE_DIGITS, CODE_LIFETIME, Channel, Message, normalised
from idp.domain.errors import PageError
from idp.domain.models import Account
from idp.ports import Transaction
from idp.usecases import sessions, throttle
from idp.usecases.services import Services

PAUSE = 60  # seconds between two codes
DAY = 24 * 3600  # seconds
PER_PERSON = 10  # codes a day: to one address, and from one account
PER_NETWORK = 100

Compose = Callable[[str, str], Message]  # (address, code) -> the message in the citizen's language


def send_code(
    services: Services,
    session_token: str | None,
    channel: Channel,
    typed: str | None,
    *,
    address: str,
    compose: Compose,
) -> None:
    """Queues a code to what was typed, or once more to the address that waits (``typed`` None).

    Raises PageError: ``sign_in_first``, ``contact_unavailable``, ``email_invalid``, ``phone_invalid``,
    ``code_sent_just_now``, ``too_many_codes``, ``code_over`` when no address waits.
    """
    if channel not in services.messengers:
        raise PageError("contact_unavailable", status=409)
    value = None if typed is None else normalised(channel, typed)
    now, code = services.clock(), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    with services.store.begin() as tx:
        account_id = _account(services, tx, session_token).account_id
        value = value or tx.contact_codes.pending(account_id, channel, now)
        if value is None:
            raise PageError("code_over", status=409)
        _limit(services, tx, account_id, channel, value, address)
        tx.contact_codes.put(account_id, channel, value, code, now + CODE_LIFETIME)
        tx.messages.add(compose(value, code), now, now + CODE_LIFETIME)
        tx.audit.write("contact.code_sent", now, account_id=account_id, channel=channel)
    services.tasks.wake()


def pending(services: Services, session_token: str | None, channel: Channel) -> str | None:
    """The address that waits for its code. Raises PageError("sign_in_first")."""
    with services.store.read() as tx:
        account = _account(services, tx, session_token)
        return tx.contact_codes.pending(account.account_id, channel, services.clock())


def confirm(services: Services, session_token: str | None, channel: Channel, typed: str) -> None:
    """Raises PageError: ``sign_in_first``, ``code_wrong``, ``code_over`` after too many tries or minutes."""
    code, now = "".join(typed[:40].split()), services.clock()
    with services.store.begin() as tx:
        account_id = _account(services, tx, session_token).account_id
        value = tx.contact_codes.redeem(account_id, channel, code, now)
        if value is not None:
            tx.accounts.set_contact(account_id, channel, value)
            tx.audit.write("contact.proven", now, account_id=account_id, channel=channel)
            return
        waits = tx.contact_codes.pending(account_id, channel, now) is not None
    raise PageError("code_wrong" if waits else "code_over", status=422)  # the try is committed


def remove(services: Services, session_token: str | None, channel: Channel) -> None:
    """Forgets the address; apps get it no more. Raises PageError("sign_in_first")."""
    with services.store.begin() as tx:
        account_id = _account(services, tx, session_token).account_id
        tx.accounts.set_contact(account_id, channel, None)
        tx.contact_codes.remove(account_id, channel)
        tx.audit.write("contact.removed", services.clock(), account_id=account_id, channel=channel)


def _limit(
    services: Services, tx: Transaction, account_id: str, channel: Channel, value: str, address: str
) -> None:
    """Nobody's phone is flooded, by one account or by several."""
    day = {
        f"codes-by:{account_id}": PER_PERSON,
        f"codes-to:{value}": PER_PERSON,
        f"codes-from:{throttle.network(address)}": PER_NETWORK,
    }
    for limits, window, code in (
        ({f"code-now:{account_id}/{channel}": 1, f"code-now:{value}": 1}, PAUSE, "code_sent_just_now"),
        (day, DAY, "too_many_codes"),
    ):
        try:
            throttle.attempt(services, tx, limits, window)
        except PageError:
            raise PageError(code, status=429) from None


def _account(services: Services, tx: Transaction, session_token: str | None) -> Account:
    signed_in = sessions.current(services, tx, session_token)
    if signed_in is None:
        raise PageError("sign_in_first", status=401)
    return signed_in[1]
