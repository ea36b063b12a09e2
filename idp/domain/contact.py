"""E-mail addresses and phone numbers: what a citizen types, and how long a code may prove it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from idp.domain.errors import PageError

Channel = Literal["email", "phone"]  # the name of the scope too (OpenID Connect Core, section 5.4)
CHANNELS: tuple[Channel, ...] = ("email", "phone")

CODE_DIGITS = 6
CODE_LIFETIME = 600  # seconds
CODE_TRIES = 5

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]")
_MOBILE = re.compile(r"(?:(?:\+|00)?840?|0)([35789][0-9]{8})")


@dataclass(frozen=True, slots=True)
class Message:
    """What leaves for one person. ``subject`` is for e-mail only."""

    channel: Channel
    to: str
    subject: str
    text: str


def normalised(channel: Channel, typed: str) -> str:
    """The address as it is kept. Raises PageError: ``email_invalid``, ``phone_invalid``."""
    text = unicodedata.normalize("NFKC", typed[:400]).strip()
    return _email(text) if channel == "email" else _phone(text)


def _email(text: str) -> str:
    """RFC 5321 without quoted local parts and address literals, which no one's mailbox uses."""
    local, _, domain = text.rpartition("@")
    if len(text) > 254 or len(local) > 64 or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise PageError("email_invalid", status=422)
    return f"{local}@{domain.lower()}"


def _phone(text: str) -> str:
    """E.164 of a Vietnamese mobile number, as people type it: 0912 345 678, +84 912.345.678, 84 912..."""
    found = _MOBILE.fullmatch(re.sub(r"[\s.()-]", "", text))
    if found is None:
        raise PageError("phone_invalid", status=422)
    return f"+84{found[1]}"
