"""The citizen's side: which apps wait for an answer, and the answers other than the consent itself."""

from __future__ import annotations

from dataclasses import dataclass

from idp.domain.errors import PageError
from idp.domain.models import Account, BackchannelRequest, Client
from idp.ports import Transaction
from idp.usecases import sessions
from idp.usecases.authorize import open_request
from idp.usecases.services import Services
from idp.usecases.waiting import decide


@dataclass(frozen=True, slots=True)
class Waiting:
    """``request_id``: worth nothing to anybody but this citizen."""

    request_id: str
    client: Client
    binding_message: str | None
    asked_at: int
    expires_at: int


def my_requests(services: Services, session_token: str | None) -> tuple[list[Waiting], list[Client]] | None:
    """What waits, oldest first, and the apps that were silenced; None where nobody is signed in."""
    with services.store.read() as tx:
        signed_in = sessions.current(services, tx, session_token)
        if signed_in is None:
            return None
        account_id = signed_in[1].account_id
        silenced = filter(None, map(tx.clients.get, tx.silenced.of(account_id)))
        waiting = [
            Waiting(one.auth_req_id_hash, client, one.binding_message, one.created_at, one.expires_at)
            for one in tx.backchannel.waiting(account_id, services.clock())
            if (client := tx.clients.get(one.client_id)) is not None
        ]
        return waiting, list(silenced)


def count(services: Services, session_token: str | None) -> int:
    """How many apps' requests wait for the signed-in citizen."""
    mine = my_requests(services, session_token)
    return len(mine[0]) if mine else 0


def look(services: Services, request_id: str, *, browser: str, session_token: str | None) -> str:
    """The next page: step-up where it is due, then always the consent. Raises PageError("request_over")."""
    with services.store.begin() as tx:
        _, found = _mine(services, tx, request_id, session_token)
        return open_request(services, tx, found.request, browser=browser, session_token=session_token)


def deny(services: Services, request_id: str, *, silence: bool, session_token: str | None) -> None:
    """Refuses, and with ``silence`` everything else that this app asks, now and later.

    Raises PageError("request_over").
    """
    with services.store.begin() as tx:
        account, found = _mine(services, tx, request_id, session_token)
        now, refused = services.clock(), [found]
        if silence:
            tx.silenced.add(account.account_id, found.client_id, now)
            waiting = tx.backchannel.waiting(account.account_id, now)
            refused = [request for request in waiting if request.client_id == found.client_id]
        for request in refused:
            decide(services, tx, request.auth_req_id_hash, "denied", None)
        kind = "backchannel.silenced" if silence else "backchannel.denied"
        tx.audit.write(kind, now, account_id=account.account_id, client_id=found.client_id)
    services.tasks.wake()


def hear(services: Services, client_id: str, *, session_token: str | None) -> None:
    """The app may ask again."""
    with services.store.begin() as tx:
        signed_in = sessions.current(services, tx, session_token)
        if signed_in is not None:
            tx.silenced.remove(signed_in[1].account_id, client_id)


def _mine(
    services: Services, tx: Transaction, request_id: str, session_token: str | None
) -> tuple[Account, BackchannelRequest]:
    """The citizen's own open request; one of somebody else is no different from one that is over."""
    signed_in = sessions.current(services, tx, session_token)
    found = tx.backchannel.get(request_id) if signed_in else None
    if signed_in is None or found is None or found.account_id != signed_in[1].account_id:
        raise PageError("request_over", status=410)
    if found.state != "pending" or found.expires_at <= services.clock():
        raise PageError("request_over", status=410)
    return signed_in[1], found
