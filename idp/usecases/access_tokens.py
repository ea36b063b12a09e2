"""Finding the access token that somebody presents, be it a JWT or opaque."""

from __future__ import annotations

from dataclasses import dataclass

from idp.domain.models import AccessToken, Authorization
from idp.ports import Transaction
from idp.tokens import hash_secret
from idp.usecases.issue_tokens import OPAQUE_PREFIX
from idp.usecases.services import Services


@dataclass(frozen=True, slots=True)
class LiveToken:
    """An access token that is neither over nor revoked, and what it hangs on."""

    token: AccessToken
    authorization: Authorization

    @property
    def client_id(self) -> str:
        """To whom it was issued; after a token exchange that is the client that acts."""
        acting = (self.token.act or {}).get("client_id")
        return acting if isinstance(acting, str) else self.authorization.client_id


def token_id(services: Services, text: str) -> str | None:
    """The identifier under which a token of ours is stored; None for anything else. No database."""
    if text.startswith(OPAQUE_PREFIX):
        return hash_secret(text)
    try:
        jti = services.signer.verify(text, typ="at+jwt", audience=None)["jti"]
    except (ValueError, KeyError, RecursionError):
        return None
    return str(jti)


def live(services: Services, tx: Transaction, identifier: str | None) -> LiveToken | None:
    """``identifier`` as from ``token_id``."""
    found = tx.tokens.access(identifier, services.clock()) if identifier else None
    return LiveToken(*found) if found else None
