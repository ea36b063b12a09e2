"""The 12-digit personal number, pure: PPP province, G century and sex, YY year, RRRRRR random.

Nghị định 137/2015/NĐ-CP, Article 13. The number has no check digit, so only its structure is checkable.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date

from ekyc.errors import EkycError
from ekyc.registry.person import Sex
from ekyc.registry.provinces import PROVINCES

_TWELVE_DIGITS = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """A number with the right structure. Build it with ``parse`` or ``compose``."""

    text: str

    @classmethod
    def parse(cls, text: str) -> PersonalNumber:
        """Take 12 ASCII digits, spaces between or around them allowed.

        Raises EkycError("number_invalid"). An unknown province code passes: people born abroad carry a
        country code (``province_known`` tells).
        """
        digits = text.replace(" ", "").strip()
        if not _TWELVE_DIGITS.fullmatch(digits):
            raise EkycError("number_invalid", "not 12 digits")
        return cls(digits)

    @classmethod
    def compose(cls, province: str, sex: Sex, birth_year: int, serial: int) -> PersonalNumber:
        """Build a number. birth_year 1900..2399, serial 0..999999; raises ValueError outside."""
        if not (
            1900 <= birth_year <= 2399 and 0 <= serial <= 999_999 and re.fullmatch(r"[0-9]{3}", province)
        ):
            raise ValueError("province, birth year or serial outside the structure")
        century = 2 * (birth_year // 100 - 19) + (sex == "female")
        return cls(f"{province}{century}{birth_year % 100:02d}{serial:06d}")

    @classmethod
    def draw(cls, rng: random.Random, province: str, sex: Sex, birth_year: int) -> PersonalNumber:
        """Build a number with a random serial."""
        return cls.compose(province, sex, birth_year, rng.randrange(1_000_000))

    @property
    def province(self) -> str:
        """The first three digits: place where the birth was registered."""
        return self.text[:3]

    @property
    def province_name(self) -> str | None:
        """The province's name, None for a code outside the list (born abroad)."""
        return PROVINCES.get(self.province)

    @property
    def province_known(self) -> bool:
        return self.province in PROVINCES

    @property
    def sex(self) -> Sex:
        return "female" if int(self.text[3]) % 2 else "male"

    @property
    def birth_year(self) -> int:
        """Four digits, 1900..2399."""
        return 1900 + 100 * (int(self.text[3]) // 2) + int(self.text[4:6])

    def year_agrees(self, date_of_birth: date) -> bool:
        return date_of_birth.year == self.birth_year

    def sex_agrees(self, sex: Sex) -> bool:
        return sex == self.sex

    def __str__(self) -> str:
        return self.text
