"""Refresh tokens stay the same (FAPI 2.0 Security Profile, section 5.3.2.1): see decision 11."""

from __future__ import annotations

from idp.domain.models import Client


def rotates(client: Client) -> bool:
    return not client.fapi2
