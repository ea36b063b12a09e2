"""What people read of an app, in their language: ``client_name#vi`` beside ``client_name``

(OpenID Connect Dynamic Client Registration 1.0, section 2.1; RFC 7591, section 2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from idp.domain.models import Client

MEMBERS = ("client_name", "client_uri", "logo_uri", "policy_uri", "tos_uri")
MOST = 50  # members with a language, of one client
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,5}")  # RFC 5646, as far as we compare


def variants(names: Iterable[str]) -> list[str]:
    """Those of the names that are such a member with a language tag; the rest are unknown members."""
    split = ((name, *name.partition("#")) for name in names)
    return [name for name, member, _, tag in split if member in MEMBERS and _TAG.fullmatch(tag)]


def shown(client: Client, member: str, locale: str) -> str | None:
    """The member in ``locale`` ("vi"), or else as registered without a language."""
    for name, value in client.languages.items():
        known, _, tag = name.partition("#")
        if known == member and tag.lower().split("-")[0] == locale:
            return value
    plain: str | None = getattr(client, "name" if member == "client_name" else member)
    return plain
