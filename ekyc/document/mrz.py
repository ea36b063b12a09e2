"""The machine readable zone as data: three TD1 lines -> fields, and its own consistency checks."""

from __future__ import annotations

from dataclasses import dataclass

from ekyc.document.mrz_format import NO_EXPIRY, check_digit, composite_digit
from ekyc.document.text import iso_date
from ekyc.types import Check, Field

_MALE_OR_FEMALE = {"M": "male", "F": "female"}


@dataclass(frozen=True, slots=True)
class Mrz:
    """Three lines of thirty characters and how sure the reader was of each character."""

    lines: tuple[str, str, str]
    confidences: tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]

    @property
    def number(self) -> str:
        return self.lines[0][15:27]

    @property
    def name(self) -> str:
        """Base letters in upper case, single spaces; cut where the line was full."""
        return " ".join(self.lines[2].replace("<", " ").split())

    @property
    def name_is_cut(self) -> bool:
        """The name fills the line, so that its end may be missing."""
        return not self.lines[2].endswith("<")

    @property
    def date_of_birth(self) -> str | None:
        """ISO date; the century comes from the personal number, never from a pivot year."""
        century_digit = self.number[3:4]
        if not century_digit.isdigit():
            return None
        return _date(self.lines[1][0:6], 19 + int(century_digit) // 2)

    @property
    def has_no_expiry(self) -> bool:
        return self.lines[1][8:14] == NO_EXPIRY

    @property
    def date_of_expiry(self) -> str | None:
        """ISO date, or None for "không thời hạn" and for an impossible date."""
        return None if self.has_no_expiry else _date(self.lines[1][8:14], 20)

    def digit_checks(self) -> dict[str, bool]:
        """The five check digits: document number, optional data, birth, expiry, composite."""
        one, two, _ = self.lines
        return {
            "document_number": check_digit(one[5:14]) == one[14],
            "personal_number": check_digit(one[15:29]) == one[29],
            "date_of_birth": check_digit(two[0:6]) == two[6],
            "date_of_expiry": check_digit(two[8:14]) == two[14],
            "composite": composite_digit(one, two) == two[29],
        }

    def checks(self) -> tuple[Check, ...]:
        """``mrz_digits``, and ``mrz_numbers_agree``: the document number ends the personal number."""
        failed = [name for name, ok in self.digit_checks().items() if not ok]
        agree = self.number.endswith(self.lines[0][5:14])
        return (
            Check("mrz_digits", "fail" if failed else "pass", ", ".join(failed)),
            Check("mrz_numbers_agree", "pass" if agree else "fail"),
        )

    def fields(self) -> dict[str, Field]:
        """What the zone says; a field whose check digit fails counts half."""
        ok = self.digit_checks()
        one, two, three = self.confidences
        found = {
            "number": (self.number, min(one[15:27]), ok["personal_number"]),
            "full_name": (self.name, min(three), True),
            "date_of_birth": (self.date_of_birth, min(two[0:6]), ok["date_of_birth"]),
            "sex": (_MALE_OR_FEMALE.get(self.lines[1][7]), two[7], True),
            "date_of_expiry": (self.date_of_expiry, min(two[8:14]), ok["date_of_expiry"]),
        }
        fields = {
            name: Field(value, "mrz", sure if right else sure / 2)
            for name, (value, sure, right) in found.items()
            if value
        }
        if self.has_no_expiry:
            fields["date_of_expiry"] = Field(None, "mrz", min(two[8:14]), raw=NO_EXPIRY)
        if self.lines[1][15:18] == "VNM":
            fields["nationality"] = Field("Việt Nam", "mrz", min(two[15:18]))
        return fields


def _date(yymmdd: str, century: int) -> str | None:
    return iso_date(yymmdd[4:6], yymmdd[2:4], f"{century}{yymmdd[0:2]}") if yymmdd.isdigit() else None
