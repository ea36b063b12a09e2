"""PS256, ES256 and EdDSA with Ed25519, nothing else (FAPI 2.0 Security Profile, section 5.4.1)."""

from __future__ import annotations

from idp.domain.errors import IdpError
from idp.domain.models import Client

ALGORITHMS = ("PS256", "ES256", "EdDSA")
_REGISTERED = (
    "id_token_signed_response_alg",
    "access_token_signing_alg",
    "userinfo_signed_response_alg",
    "introspection_signed_response_alg",
    "authorization_signed_response_alg",
    "token_endpoint_auth_signing_alg",
    "request_object_signing_alg",
    "backchannel_authentication_request_signing_alg",
)


def check(client: Client) -> None:
    for name in _REGISTERED:
        if getattr(client, name) not in (None, *ALGORITHMS):
            raise IdpError("invalid_client_metadata", f"{client.profile}: {name} is none of {ALGORITHMS}")


def allowed(client: Client, alg: str) -> bool:
    """Whether the client may sign with it, as far as its profile goes."""
    return not client.fapi2 or alg in ALGORITHMS
