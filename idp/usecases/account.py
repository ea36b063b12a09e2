"""The citizen's own page: what is stored, which apps may see it."""

from __future__ import annotations

from dataclasses import dataclass

from idp.domain.details.request import Details
from idp.domain.models import Account, Client, Grant
from idp.usecases import sessions
from idp.usecases.services import Services


@dataclass(frozen=True, slots=True)
class ConnectedApp:
    """A consent as the citizen sees it; ``apps`` are those it covers today, ``details`` what they may do now
    (RFC 9396)."""

    grant: Grant
    apps: tuple[Client, ...]
    details: Details


def my_account(
    services: Services, session_token: str | None
) -> tuple[Account, tuple[ConnectedApp, ...]] | None:
    """The signed-in citizen, or None."""
    with services.store.read() as tx:
        signed_in = sessions.current(services, tx, session_token)
        if signed_in is None:
            return None
        account = signed_in[1]
        clients = tx.clients.all()
        detailed = tx.authorizations.with_details(account.account_id, services.clock())
        apps = []
        for grant in tx.grants.of(account.account_id):
            covered = {
                c.client_id: c
                for c in clients
                if c.client_id == grant.client_id or (grant.operator and c.operator == grant.operator)
            }
            details = tuple(d for a in detailed if a.client_id in covered for d in a.authorization_details)
            apps.append(ConnectedApp(grant, tuple(covered.values()), details))
        return account, tuple(apps)


def revoke(services: Services, session_token: str | None, *, client_id: str, operator: str) -> None:
    """Withdraws a consent and ends the access tokens that live on it."""
    with services.store.begin() as tx:
        signed_in = sessions.current(services, tx, session_token)
        if signed_in is None:
            return
        account_id, now = signed_in[1].account_id, services.clock()
        tx.grants.revoke(account_id, client_id=client_id or None, operator=operator or None)
        for client in tx.clients.all():
            if client.client_id == client_id or (operator and client.operator == operator):
                tx.authorizations.revoke_for_client(account_id, client.client_id, now)
        tx.audit.write(
            "consent.withdrawn", now, account_id=account_id, client_id=client_id[:64], operator=operator[:200]
        )
