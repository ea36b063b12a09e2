"""RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0, section 2)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from idp.domain.claims import pairwise_subject
from idp.domain.errors import CheckRefused, UntrustedRequest
from idp.domain.logout import frontchannel_url
from idp.domain.models import Client, Session
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases import sessions
from idp.usecases.services import Services
from idp.usecases.sign_in import abandon


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """``confirmed``: the hint proves that the app's own citizen asks, so no question is needed."""

    client: Client | None
    redirect_to: str | None
    confirmed: bool


def read_logout(services: Services, params: dict[str, str], session_token: str | None) -> LogoutRequest:
    """Raises UntrustedRequest for a hint that is not ours or an address that is not registered."""
    hint, client_id = params.get("id_token_hint"), params.get("client_id")
    claims = None
    if hint:
        try:  # an ID token that is over is still a good hint (section 2)
            claims = services.signer.verify(hint, typ="JWT", audience=None, leeway=10 * 365 * 24 * 3600)
        except ValueError:
            raise UntrustedRequest("invalid_request", "id_token_hint is not ours") from None
        if client_id and client_id != claims["aud"]:
            raise UntrustedRequest("invalid_request", "client_id is not the hint's audience")
        client_id = claims["aud"]
    with services.store.read() as tx:
        client = tx.clients.get(client_id) if client_id else None
        signed_in = sessions.current(services, tx, session_token)
    target = params.get("post_logout_redirect_uri")
    if target and (client is None or target not in client.post_logout_redirect_uris):
        raise UntrustedRequest("invalid_redirect_uri", "post_logout_redirect_uri is not registered")
    confirmed = bool(
        claims
        and client
        and (
            signed_in is None
            or claims["sub"] == pairwise_subject(services.subject_salt, client, signed_in[1].account_id)
        )
    )
    state = params.get("state")
    if target and state is not None:
        target += ("&" if urlsplit(target).query else "?") + urlencode({"state": state})
    return LogoutRequest(client, target, confirmed)


def sign_out(services: Services, session_token: str | None, browser: str) -> tuple[str, ...]:
    """Ends the session of this browser; the addresses to load there (Front-Channel Logout 1.0, section 3)."""
    urls: tuple[str, ...] = ()
    abandoned: str | None = None
    with services.store.begin() as tx:
        session = tx.sessions.by_token(hash_secret(session_token)) if session_token else None
        if session is not None:
            urls = _frontchannel(services, tx, session)
            sessions.end(services, tx, session)
            abandoned = abandon(services, tx, hash_secret(browser))
    if abandoned:
        with suppress(CheckRefused):
            services.checker.discard(abandoned)
    services.tasks.wake()
    return urls


def _frontchannel(services: Services, tx: Transaction, session: Session) -> tuple[str, ...]:
    client_ids = sorted({granted.client_id for granted in tx.authorizations.of_session(session.sid)})
    clients = (tx.clients.get(client_id) for client_id in client_ids)
    urls = (frontchannel_url(client, issuer=services.issuer, sid=session.sid) for client in clients if client)
    return tuple(url for url in urls if url)
