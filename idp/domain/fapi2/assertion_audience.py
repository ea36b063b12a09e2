"""The issuer, as a string, is the only ``aud`` of a client assertion (Security Profile, section 5.3.2.1)."""

from __future__ import annotations

from idp.domain.models import Client


def accepted(client: Client, audience: object, issuer: str) -> bool:
    return not client.fapi2 or audience == issuer
