"""What a page tells of the app that sent the citizen, in the citizen's language."""

from __future__ import annotations

from dataclasses import dataclass

from idp.domain.models import AuthorizationRequest, Client
from idp.domain.registration.languages import shown

_LINKS = (("website", "client_uri"), ("policy", "policy_uri"), ("terms", "tos_uri"))


@dataclass(frozen=True, slots=True)
class AppCard:
    """``links``: (message key under ``app``, address)."""

    name: str
    logo: str | None
    links: tuple[tuple[str, str], ...]


def app_card(client: Client, request: AuthorizationRequest, locale: str) -> AppCard:
    """No logo where the app waits elsewhere: the browser does not come from it, and it must not learn yet."""
    addresses = ((key, shown(client, member, locale)) for key, member in _LINKS)
    return AppCard(
        name=shown(client, "client_name", locale) or client.name,
        logo=None if request.waits else shown(client, "logo_uri", locale),
        links=tuple((key, address) for key, address in addresses if address),
    )
