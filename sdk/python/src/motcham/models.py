"""What an app knows of a signed-in citizen: typed, frozen, and silent when printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

_LEVEL = re.compile(r"vn-ekyc-(\d)\Z")


@dataclass(frozen=True, slots=True)
class Place:
    """A place of birth (OpenID Connect for Identity Assurance, claim ``place_of_birth``).

    ``str()`` gives it on one line, without the country, which is a code.
    """

    formatted: str | None = None
    locality: str | None = None
    region: str | None = None
    country: str | None = None

    def __str__(self) -> str:
        return self.formatted or ", ".join(p for p in (self.locality, self.region) if p)


@dataclass(frozen=True, slots=True)
class Address:
    """The ``address`` claim (OpenID Connect Core 5.1.1). ``str()`` gives it on one line, without codes."""

    formatted: str | None = None
    street_address: str | None = None
    locality: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None

    def __str__(self) -> str:
        if self.formatted:
            return ", ".join(line.strip() for line in self.formatted.splitlines() if line.strip())
        return ", ".join(p for p in (self.street_address, self.locality, self.region) if p)


@dataclass(frozen=True, slots=True, repr=False)
class Citizen:
    """A signed-in citizen. A field is None when its scope was not asked for or not granted.

    sub: the citizen's stable identifier in this app: the key to store your own rows under.
    family_name, middle_name, given_name: họ, tên đệm, tên.
    birthdate: None when unknown or when only a year is known.
    personal_number: số định danh cá nhân, 12 digits (scope ``vn_personal_number``).
    level: identity assurance 0..3 out of ``acr`` ("vn-ekyc-2" -> 2), 0 when the provider states none.
    claims: everything the provider sent, read-only.
    """

    sub: str
    name: str | None = None
    family_name: str | None = None
    middle_name: str | None = None
    given_name: str | None = None
    birthdate: date | None = None
    gender: str | None = None
    address: Address | None = None
    personal_number: str | None = None
    place_of_birth: Place | None = None
    nationalities: tuple[str, ...] = ()
    level: int = 0
    claims: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __repr__(self) -> str:
        return f"Citizen(sub={self.sub!r}, level={self.level})"

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> Citizen:
        """Build from claims whose ``sub`` was verified. A claim of the wrong type becomes None."""
        return cls(
            sub=str(claims["sub"]),
            name=_text(claims, "name"),
            family_name=_text(claims, "family_name"),
            middle_name=_text(claims, "middle_name"),
            given_name=_text(claims, "given_name"),
            birthdate=_date(_text(claims, "birthdate")),
            gender=_text(claims, "gender"),
            address=_address(claims.get("address")),
            personal_number=_text(claims, "vn_personal_number"),
            place_of_birth=_place(claims.get("place_of_birth")),
            nationalities=_texts(claims.get("nationalities")),
            level=level_of(claims.get("acr")),
            claims=MappingProxyType(dict(claims)),
        )


def level_of(acr: object) -> int:
    """ "vn-ekyc-2" -> 2; anything else -> 0."""
    match = _LEVEL.match(acr) if isinstance(acr, str) else None
    return int(match[1]) if match else 0


def acr_of(level: int) -> str:
    """2 -> "vn-ekyc-2", the value for ``acr_values``."""
    return f"vn-ekyc-{level}"


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def _date(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _address(value: object) -> Address | None:
    if not isinstance(value, Mapping):
        return None
    names = ("formatted", "street_address", "locality", "region", "postal_code", "country")
    return Address(**{name: _text(value, name) for name in names})


def _place(value: object) -> Place | None:
    if isinstance(value, str) and value:
        return Place(formatted=value)
    if not isinstance(value, Mapping):
        return None
    return Place(**{name: _text(value, name) for name in ("formatted", "locality", "region", "country")})
