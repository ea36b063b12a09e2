"""Scopes and the claims they release (OpenID Connect Core, section 5)."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from idp.domain.contact import CHANNELS
from idp.domain.grant_types import CIBA
from idp.domain.models import Account, Client
from idp.domain.names import split_name

SCOPE_CLAIMS: dict[str, tuple[str, ...]] = {
    "openid": ("sub",),
    "profile": ("name", "family_name", "middle_name", "given_name", "birthdate", "gender", "nationalities"),
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
    "address": ("address",),
    "vn_personal_number": ("vn_personal_number", "place_of_birth"),
    "offline_access": (),  # a refresh token (section 11)
}
_BY_KEYS = ("private_key_jwt", "self_signed_tls_client_auth")
ACR_LEVELS = ("vn-ekyc-0", "vn-ekyc-1", "vn-ekyc-2", "vn-ekyc-3")


def supported_scopes(channels: Collection[str] = CHANNELS) -> list[str]:
    """``channels``: those over which an address can be proven."""
    return [scope for scope in SCOPE_CLAIMS if scope not in CHANNELS or scope in channels]


def supported_claims(channels: Collection[str] = CHANNELS) -> list[str]:
    return [claim for scope in supported_scopes(channels) for claim in SCOPE_CLAIMS[scope]]


def acr(level: int) -> str:
    return ACR_LEVELS[level]


def pairwise_subject(salt: bytes, client: Client, account_id: str) -> str:
    """A ``sub`` that two sectors cannot join (OpenID Connect Core, section 8.1).

    The sector is the host of sector_identifier_uri, else of the redirect URIs, else of the keys that a client
    without any proves itself with (CIBA, section 4); several hosts fall back to the client itself.
    """
    if client.subject_type == "public":  # where an admin allowed it (section 8)
        return account_id
    chosen = (client.sector_identifier_uri,) if client.sector_identifier_uri else client.redirect_uris
    if not chosen and CIBA in client.grant_types and client.jwks_uri and client.auth_method in _BY_KEYS:
        chosen = (client.jwks_uri,)
    hosts = {urlsplit(uri).hostname or "" for uri in chosen}
    sector = hosts.pop() if len(hosts) == 1 else client.client_id
    digest = hmac.new(salt, f"{sector}\0{account_id}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def all_claims(account: Account) -> dict[str, Any]:
    """Every claim that the account can answer, without ``sub``."""
    person = account.profile
    family, middle, given = split_name(person.full_name)
    claims: dict[str, Any] = {
        "name": person.full_name,
        "family_name": family,
        "middle_name": middle,
        "given_name": given,
        "birthdate": person.birthdate.isoformat(),
        "gender": person.sex,
        "nationalities": ["VNM"],
        "email": account.email,
        "email_verified": bool(account.email) or None,  # only what was proven is kept
        "phone_number": account.phone,
        "phone_number_verified": bool(account.phone) or None,
        "address": _address(person.place_of_residence),
        "vn_personal_number": person.number,
        "place_of_birth": {"country": "VNM", "locality": person.place_of_birth},
    }
    return {name: value for name, value in claims.items() if value not in ("", None)}


def claims_for(account: Account, scope: tuple[str, ...]) -> dict[str, Any]:
    """The claims that the granted scopes release."""
    wanted = {claim for name in scope for claim in SCOPE_CLAIMS.get(name, ())}
    return {name: value for name, value in all_claims(account).items() if name in wanted}


def _address(place: str) -> dict[str, str]:
    """Address claim (section 5.1.1): the last part is the province, the one before it the locality."""
    parts = [part.strip() for part in place.split(",") if part.strip()]
    address = {"formatted": place, "country": "VNM"}
    if len(parts) >= 2:
        address |= {"region": parts[-1], "locality": parts[-2], "street_address": ", ".join(parts[:-2])}
    return {name: value for name, value in address.items() if value}
