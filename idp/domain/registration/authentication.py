"""The client authentication method is offered and has what it needs (OpenID Connect Core, section 9)."""

from __future__ import annotations

from idp.domain.errors import IdpError
from idp.domain.models import Client
from idp.domain.registration.offered import Offered

_NEED_KEYS = ("private_key_jwt", "self_signed_tls_client_auth")


def check(client: Client, offered: Offered) -> None:
    method = client.auth_method
    if method not in offered.auth_methods:
        raise IdpError("invalid_client_metadata", "that authentication method is not offered")
    if method in _NEED_KEYS and client.jwks is None and client.jwks_uri is None:
        raise IdpError("invalid_client_metadata", f"{method} needs jwks or jwks_uri")
    if method == "tls_client_auth":  # RFC 8705, section 2.1.2: exactly one name
        names = (client.tls_client_auth_subject_dn, client.tls_client_auth_san_dns)
        if sum(name is not None for name in names) != 1:
            raise IdpError("invalid_client_metadata", "tls_client_auth needs exactly one name to look for")
