"""``sector_identifier_uri`` (OpenID Connect Dynamic Client Registration 1.0, section 5)."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from idp.domain.errors import IdpError
from idp.domain.grant_types import CIBA
from idp.domain.models import Client


def check_hosts(client: Client) -> None:
    """Pairwise subjects of several hosts need a sector that names them all."""
    hosts = {urlsplit(uri).hostname for uri in client.redirect_uris}
    if client.subject_type == "pairwise" and len(hosts) > 1 and client.sector_identifier_uri is None:
        raise IdpError("invalid_client_metadata", "redirect URIs on several hosts need sector_identifier_uri")


def check_document(client: Client, body: bytes) -> None:
    """body: what the address answered; a JSON array with every redirect URI of the client in it, and with
    its ``jwks_uri`` where it asks backchannel (CIBA, section 4)."""
    try:
        listed = json.loads(body)
    except (ValueError, RecursionError):
        listed = None
    needed = set(client.redirect_uris)
    if CIBA in client.grant_types and client.jwks_uri:
        needed.add(client.jwks_uri)
    if not isinstance(listed, list) or not needed <= {x for x in listed if isinstance(x, str)}:
        raise IdpError("invalid_client_metadata", "sector_identifier_uri does not list every address")
