"""A citizen's profile as one encrypted value, bound to the row that holds it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Protocol

from idp.domain.models import Profile


class Cipher(Protocol):
    """Authenticated encryption; ``context`` must be the same on both sides."""

    def encrypt(self, plain: bytes, context: str) -> bytes: ...
    def decrypt(self, sealed: bytes, context: str) -> bytes: ...
    def fingerprint(self, label: str, value: str) -> str:
        """A keyed hash (hex), so that equal values can be found without being readable."""
        ...


def seal(cipher: Cipher, profile: Profile, context: str) -> bytes:
    data = asdict(profile) | {"birthdate": profile.birthdate.isoformat()}
    return cipher.encrypt(json.dumps(data, ensure_ascii=False).encode(), context)


def unseal(cipher: Cipher, sealed: bytes, context: str) -> Profile:
    data = json.loads(cipher.decrypt(sealed, context))
    return Profile(**(data | {"birthdate": date.fromisoformat(data["birthdate"])}))
