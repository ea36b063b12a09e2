"""A citizen's profile as one encrypted value, bound to the row that holds it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Protocol

from idp.domain.models import Profile, Proofing


class Cipher(Protocol):
    """Authenticated encryption; ``context`` must be the same on both sides."""

    def encrypt(self, plain: bytes, context: str) -> bytes: ...
    def decrypt(self, sealed: bytes, context: str) -> bytes: ...
    def fingerprint(self, label: str, value: str) -> str:
        """A keyed hash (hex), so that equal values can be found without being readable."""
        ...


_DATES = ("birthdate", "card_issued", "card_expires")


def seal(cipher: Cipher, profile: Profile, context: str, proofing: Proofing | None = None) -> bytes:
    data = asdict(profile)
    data |= {name: data[name].isoformat() for name in _DATES if data[name] is not None}
    if proofing is not None:
        data["proofing"] = asdict(proofing)
    return cipher.encrypt(json.dumps(data, ensure_ascii=False).encode(), context)


def unseal(cipher: Cipher, sealed: bytes, context: str) -> Profile:
    return unseal_proven(cipher, sealed, context)[0]


def unseal_proven(cipher: Cipher, sealed: bytes, context: str) -> tuple[Profile, Proofing | None]:
    """The profile, and how it was proven where that is kept with it."""
    data = json.loads(cipher.decrypt(sealed, context))
    proofing = data.pop("proofing", None)
    data |= {name: date.fromisoformat(data[name]) for name in _DATES if data.get(name) is not None}
    proven = Proofing(**(proofing | {"checks": tuple(proofing["checks"])})) if proofing else None
    return Profile(**data), proven
