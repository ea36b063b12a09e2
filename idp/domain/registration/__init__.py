"""Client metadata, rule by rule (RFC 7591, section 2; OpenID Connect Dynamic Client Registration 1.0)."""

from __future__ import annotations

from idp.domain.models import Client
from idp.domain.registration import (
    addresses,
    algorithms,
    authentication,
    ciba,
    details,
    grants,
    keys,
    pkce,
    profile,
)
from idp.domain.registration.offered import Offered

RULES = (
    addresses.check,
    grants.check,
    authentication.check,
    keys.check,
    algorithms.check,
    profile.check,
    pkce.check,
    details.check,
    ciba.check,
)


def check(client: Client, offered: Offered) -> None:
    """Raises IdpError: ``invalid_redirect_uri``, ``invalid_client_metadata``."""
    for rule in RULES:
        rule(client, offered)
