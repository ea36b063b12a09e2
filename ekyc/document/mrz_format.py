"""The TD1 machine readable zone as Viet Nam prints it (ICAO Doc 9303 part 5), as pure functions.

Line 1: ID VNM, last nine digits of the personal number, digit, all twelve digits, <<, digit.
Line 2: birth YYMMDD, digit, sex, expiry YYMMDD, digit, VNM, eleven <, composite digit.
Line 3: FAMILY<<MIDDLE<GIVEN, cut or filled to thirty.
"""

from __future__ import annotations

import re
import unicodedata

from ekyc.registry.person import Person

LINE_LENGTH = 30
NO_EXPIRY = "991231"  # how "không thời hạn" is coded
_WEIGHTS = (7, 3, 1)


def check_digit(text: str) -> str:
    """ICAO Doc 9303 part 3, 4.9: weights 7-3-1 modulo 10, ``<`` = 0, A = 10 ... Z = 35.

    Raises ValueError for a character outside ``0-9A-Z<``.
    """
    return str(sum(_value(c) * _WEIGHTS[i % 3] for i, c in enumerate(text)) % 10)


def _value(char: str) -> int:
    if char == "<":
        return 0
    if char.isascii() and char.isdigit():
        return int(char)
    if "A" <= char <= "Z":
        return ord(char) - ord("A") + 10
    raise ValueError(f"not a character of a machine readable zone: {char!r}")


def unaccent(name: str) -> str:
    """Name -> base letters in upper case, single spaces: "Nguyễn Thị Đào" -> "NGUYEN THI DAO".

    Apostrophes and hyphens of minority names vanish; any other sign becomes a space.
    """
    letters = re.sub(r"[đĐðÐƉɖ]", "D", name)  # four code points pass for Đ in the wild
    plain = "".join(c for c in unicodedata.normalize("NFD", letters) if not unicodedata.combining(c))
    plain = re.sub(r"['’ʼ`\-‐]", "", plain).upper()
    return " ".join(re.sub(r"[^A-Z]", " ", plain).split())


def mrz_name(full_name: str) -> str:
    """The name as line 3 holds it before filling: first word, ``<<``, the other words joined by ``<``."""
    family, *rest = unaccent(full_name).split() or [""]
    return f"{family}<<{'<'.join(rest)}" if rest else family


def td1_lines(number: str, full_name: str, birth: str, sex: str, expiry: str) -> tuple[str, str, str]:
    """Three lines of thirty characters.

    number: twelve digits; birth, expiry: YYMMDD (``NO_EXPIRY`` for none); sex: "M" or "F".
    """
    document = number[-9:]
    optional = number + "<<"
    line1 = f"IDVNM{document}{check_digit(document)}{optional}{check_digit(optional)}"
    line2 = f"{birth}{check_digit(birth)}{sex}{expiry}{check_digit(expiry)}VNM".ljust(LINE_LENGTH - 1, "<")
    line2 += composite_digit(line1, line2)
    return line1, line2, mrz_name(full_name)[:LINE_LENGTH].ljust(LINE_LENGTH, "<")


def composite_digit(line1: str, line2: str) -> str:
    """The last digit of line 2, over line 1 [6-30] and line 2 [1-7], [9-15], [19-29]."""
    return check_digit(line1[5:30] + line2[0:7] + line2[8:15] + line2[18:29])


def td1(person: Person) -> tuple[str, str, str]:
    """The three lines of a person's card."""
    expiry = person.card.date_of_expiry
    return td1_lines(
        person.number,
        person.full_name,
        person.date_of_birth.strftime("%y%m%d"),
        "M" if person.sex == "male" else "F",
        expiry.strftime("%y%m%d") if expiry else NO_EXPIRY,
    )
