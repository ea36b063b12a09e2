"""The QR of the chip card and the 2024 card: unsigned text, so it shows consistency, not authenticity.

Seven fields separated by ``|``: number, old number or nothing, name, birth ddMMyyyy, sex, residence,
issue ddMMyyyy. The 2024 card may add a cancelled number, an old number and the parents' names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ekyc.document.text import MAX_ADDRESS, MAX_NAME, iso_date, tidy
from ekyc.types import Field

MAX_PAYLOAD = 2000  # characters; a true one has under 300
_SEX = {"nam": "male", "nữ": "female"}


@dataclass(frozen=True, slots=True)
class QrPayload:
    """The fields of one code; dates ISO 8601, None where the code has nothing or nonsense."""

    number: str
    full_name: str
    date_of_birth: str | None
    sex: str | None
    place_of_residence: str | None
    date_of_issue: str | None
    old_number: str | None = None
    cancelled_number: str | None = None
    parents: tuple[str, ...] = ()

    def fields(self) -> dict[str, Field]:
        """The card's fields that the code holds."""
        named = {
            "number": self.number,
            "full_name": self.full_name,
            "date_of_birth": self.date_of_birth,
            "sex": self.sex,
            "place_of_residence": self.place_of_residence,
            "date_of_issue": self.date_of_issue,
        }
        # Reed-Solomon leaves no doubt about what the code says
        return {name: Field(value, "qr", 1.0) for name, value in named.items() if value}


def parse_payload(text: str) -> QrPayload | None:
    """Read a code's text; None when it is not the code of an identity card (health card, payment, ...)."""
    if len(text) > MAX_PAYLOAD:
        return None
    parts = text.strip("\ufeff\r\n ").split("|")
    if not 7 <= len(parts) <= 12 or not re.fullmatch(r"[0-9]{12}", parts[0].strip()):
        return None
    name = tidy(parts[2], MAX_NAME)
    if not name:
        return None
    extras = [tidy(p, MAX_NAME) for p in parts[7:]]
    old = [p for p in (parts[1].strip(), *extras) if re.fullmatch(r"[0-9]{9}", p)]
    cancelled = [p for p in extras if re.fullmatch(r"[0-9]{12}", p)]
    return QrPayload(
        number=parts[0].strip(),
        full_name=name,
        date_of_birth=_date(parts[3]),
        sex=_SEX.get(tidy(parts[4], 10).casefold()),
        place_of_residence=tidy(parts[5], MAX_ADDRESS) or None,
        date_of_issue=_date(parts[6]),
        old_number=old[0] if old else None,
        cancelled_number=cancelled[0] if cancelled else None,
        parents=tuple(p for p in extras if p and not any(c.isdigit() for c in p)),
    )


def _date(text: str) -> str | None:
    text = text.strip()
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    return iso_date(text[:2], text[2:4], text[4:])
