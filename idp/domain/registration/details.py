"""``authorization_details_types`` are among those defined here (RFC 9396, section 10)."""

from __future__ import annotations

from idp.domain.errors import IdpError
from idp.domain.models import Client
from idp.domain.registration.offered import Offered


def check(client: Client, offered: Offered) -> None:
    if unknown := set(client.authorization_details_types) - set(offered.details_types):
        names = ", ".join(sorted(unknown))
        raise IdpError("invalid_client_metadata", f"unknown authorization_details_types: {names}")
