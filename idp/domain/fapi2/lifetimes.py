"""How many seconds codes and pushed requests may live (FAPI 2.0 Security Profile, 5.3.2.1 and 5.3.2.2)."""

from __future__ import annotations

from idp.domain.models import Client

_CODE = 60
_PUSHED = 599  # "less than 600"


def code(client: Client, configured: int) -> int:
    return min(configured, _CODE) if client.fapi2 else configured


def pushed_request(client: Client, configured: int) -> int:
    return min(configured, _PUSHED) if client.fapi2 else configured
