"""Who is signed in: finding, starting and ending sessions inside a transaction."""

from __future__ import annotations

from idp.domain.models import Account, Session
from idp.ports import Transaction
from idp.tokens import hash_secret, new_id, new_secret
from idp.usecases.services import Services


def current(services: Services, tx: Transaction, token: str | None) -> tuple[Session, Account] | None:
    """The live session of a cookie, within its idle and absolute limits."""
    if not token:
        return None
    session = tx.sessions.by_token(hash_secret(token))
    now, lifetimes = services.clock(), services.lifetimes
    if session is None or now - session.created_at > lifetimes.session_absolute:
        return None
    if now - session.last_seen > lifetimes.session_idle:
        return None
    account = tx.accounts.get(session.account_id)
    return (session, account) if account else None


def start(
    services: Services, tx: Transaction, account_id: str, amr: tuple[str, ...], old_token: str | None
) -> tuple[str, Session]:
    """A new session with a new token, so that an old token is worth nothing after sign-in."""
    end(tx, old_token)
    now = services.clock()
    token = new_secret("s")
    session = Session(new_id(), account_id, now, amr, now, now)
    tx.sessions.add(session, hash_secret(token))
    tx.audit.write("session.started", now, account_id=account_id, amr=list(amr))
    return token, session


def end(tx: Transaction, token: str | None) -> None:
    if token:
        session = tx.sessions.by_token(hash_secret(token))
        if session:
            tx.sessions.remove(session.sid)
