"""Who is signed in: finding, starting and ending sessions inside a transaction."""

from __future__ import annotations

from dataclasses import replace

from idp.domain.models import Account, Session
from idp.ports import Transaction
from idp.tokens import hash_secret, new_id, new_secret
from idp.usecases.services import Services


def current(services: Services, tx: Transaction, token: str | None) -> tuple[Session, Account] | None:
    """The live session of a cookie, within its idle and absolute limits."""
    if not token:
        return None
    session = tx.sessions.by_token(hash_secret(token))
    if session is None or not is_live(services, session):
        return None
    account = tx.accounts.get(session.account_id)
    return (session, account) if account else None


def is_live(services: Services, session: Session) -> bool:
    """Within the idle and the absolute limit."""
    now, lifetimes = services.clock(), services.lifetimes
    young = now - session.created_at <= lifetimes.session_absolute
    return young and now - session.last_seen <= lifetimes.session_idle


def start(
    services: Services,
    tx: Transaction,
    account_id: str,
    amr: tuple[str, ...],
    old_token: str | None,
    device: str = "",
) -> tuple[str, Session]:
    """The session after a sign-in, always under a new token, so that an old token is worth nothing.

    The same citizen in the same browser keeps the ``sid``: apps that know it stay signed in.
    """
    now = services.clock()
    token = new_secret("s")
    session = Session(new_id(), account_id, now, amr, now, now, device)
    old = tx.sessions.by_token(hash_secret(old_token)) if old_token else None
    if old is not None and old.account_id == account_id:
        session = replace(session, sid=old.sid)
        tx.sessions.renew(session, hash_secret(token))
    else:
        if old is not None:
            end(services, tx, old)
        tx.sessions.add(session, hash_secret(token))
    tx.audit.write("session.started", now, account_id=account_id, amr=list(amr))
    return token, session


def end(services: Services, tx: Transaction, session: Session) -> None:
    """Ends a session: queues logout tokens (Back-Channel Logout 1.0, section 2.3) and ends what was granted
    in it, unless it is to outlive it (``offline_access``, OpenID Connect Core, section 11)."""
    now = services.clock()
    if not tx.sessions.remove(session.sid):
        return  # somebody else ended it just now
    granted = tx.authorizations.of_session(session.sid)
    for client_id in sorted({authorization.client_id for authorization in granted}):
        client = tx.clients.get(client_id)
        if client is not None and client.backchannel_logout_uri is not None:
            tx.deliveries.add(client_id, session.account_id, session.sid, now)
    for authorization in granted:
        if "offline_access" not in authorization.scope:
            tx.authorizations.revoke(authorization.authorization_id, now)
    tx.audit.write("session.ended", now, account_id=session.account_id)


def end_all(services: Services, tx: Transaction, account_id: str) -> None:
    """Sign-out everywhere, and recovery."""
    for session in tx.sessions.of_account(account_id):
        end(services, tx, session)
