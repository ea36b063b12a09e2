"""Invented texts of the kinds that stand on identity cards."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable

from ekyc.document.mrz_format import unaccent
from ekyc.reader.recogniser import charset
from ekyc.reader.syllables import ONSETS, RHYMES, add_tone, join, tones_of
from ekyc.reader.words import word_list

Texts = Callable[[random.Random, bool], str]
CHARSET = charset()
MIX = (("name", 33), ("address", 36), ("number", 7), ("date", 9), ("label", 9), ("misc", 6))


def kept_out(word: str) -> bool:
    """A quarter of the given names and places appears in tests only."""
    return zlib.crc32(word.encode()) % 4 == 0


def sample_text(rng: random.Random, kind: str | None = None, test: bool = False) -> tuple[str, str]:
    """(kind, text). ``test`` also draws the words that training never sees."""
    if kind is None:
        kind = rng.choices([k for k, _ in MIX], [weight for _, weight in MIX])[0]
    while True:
        text = _KINDS[kind](rng, test).strip()
        if text and all(c in CHARSET for c in text):
            return kind, text


def syllable(rng: random.Random) -> str:
    onset, rhyme = join(rng.choice(ONSETS), rng.choice(RHYMES))
    return onset + add_tone(rhyme, rng.choice(tones_of(rhyme)), rng.random() < 0.5)


def _known(name: str, test: bool) -> list[str]:
    return [word for word in word_list(name) if test or not kept_out(word)]


def _syllables(rng: random.Random, counts: tuple[int, ...]) -> str:
    return " ".join(syllable(rng).capitalize() for _ in range(rng.choice(counts)))


def name_text(rng: random.Random, test: bool = False) -> str:
    """Listed names, names of minorities, and names of legal syllables that no list holds."""
    r = rng.random()
    if r < 0.05:
        full = rng.choice(word_list("ethnic"))
    elif r < (0.10 if test else 0.38):
        full = _syllables(rng, (2, 3, 3, 3, 4, 4))
    else:
        parts = [rng.choice(word_list("surnames"))]
        parts += [rng.choice(word_list("middle")) for _ in range(rng.choice((0, 1, 1, 1, 1, 2)))]
        parts += [rng.choice(_known("given", test)) for _ in range(rng.choice((1, 1, 1, 2)))]
        full = " ".join(parts)
    return full.upper() if rng.random() < 0.85 else full


def _place(rng: random.Random, test: bool) -> str:
    if rng.random() < (0.05 if test else 0.25):
        return _syllables(rng, (1, 2, 2, 3))
    return rng.choice(_known("places", test))


def _street(rng: random.Random) -> str:
    number = f"{rng.randint(1, 900)}{rng.choice(('', 'A', 'B', '/12', '/5A', 'Bis'))}"
    street = rng.choice(("", "đường ")) + rng.choice(word_list("streets"))
    return f"{rng.choice(('', 'Số ', 'Ngõ '))}{number} {street}"


def address_text(rng: random.Random, test: bool = False) -> str:
    """One line of an address, broken as cards break it."""
    units = ("Tổ", "Tổ dân phố", "Khu", "Xóm", "Thôn", "Ấp", "Bản", "Khu phố", "Đội", "Khóm", "SN")
    unit = rng.choice(units)
    hamlet = f"{unit} {rng.randint(1, 60)}" if rng.random() < 0.6 else f"{unit} {_place(rng, test)}"
    head = hamlet if rng.random() < 0.6 else _street(rng)
    ward = rng.choice(("Phường ", "Phường ", "Xã ", "Xã ", "", "", "", "P. ", "Thị trấn ")) + _place(
        rng, test
    )
    district = rng.choice(("Quận ", "Huyện ", "", "", "", "", "Thị xã ", "TP. ", "Thành phố ")) + _place(
        rng, test
    )
    province = rng.choice(("", "", "", "Tỉnh ")) + rng.choice(word_list("provinces"))
    parts = [head, ward, district, province]
    full = ", ".join(parts[1:] if rng.random() < 0.35 else parts)
    return rng.choice(_wrapped(full.upper() if rng.random() < 0.06 else full, rng.randint(14, 52)))


def _wrapped(text: str, limit: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > limit:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def number_text(rng: random.Random, test: bool = False) -> str:
    digits = 9 if rng.random() < 0.15 else 12
    number = "".join(rng.choice("0123456789") for _ in range(digits))
    if digits == 12 and rng.random() < 0.8:
        number = f"0{rng.randint(1, 96):02d}{rng.randint(0, 3)}{number[4:]}"
    return rng.choice(("Số / No.: ", "Số: ", "SỐ ", "Số/No: ")) + number if rng.random() < 0.12 else number


def date_text(rng: random.Random, test: bool = False) -> str:
    day, month, year = rng.randint(1, 31), rng.randint(1, 12), rng.randint(1930, 2049)
    mark = rng.choice("////-")
    text = f"{day:02d}{mark}{month:02d}{mark}{year}"
    if rng.random() < 0.15:
        return rng.choice(("Ngày sinh / Date of birth: ", "Có giá trị đến: ", "Date of expiry: ", "")) + text
    return text


def label_text(rng: random.Random, test: bool = False) -> str:
    r = rng.random()
    if r < 0.6:
        return rng.choice(word_list("labels"))
    if r < 0.8:
        sex = f"Giới tính / Sex: {rng.choice(('Nam', 'Nữ'))}"
        return sex + rng.choice(("", " Quốc tịch / Nationality: Việt Nam"))
    return rng.choice(word_list("short"))


def mrz_text(rng: random.Random, test: bool = False) -> str:
    """A line shaped like one of the machine readable zone; its check digits are random."""

    def digits(count: int) -> str:
        return "".join(rng.choice("0123456789") for _ in range(count))

    family, *rest = unaccent(name_text(rng, test)).split() or ["A"]
    name = f"{family}<<{'<'.join(rest)}"[:30].ljust(30, "<")
    second = f"{digits(7)}{rng.choice('MF')}{digits(7)}VNM{'<' * 11}{digits(1)}"
    return rng.choice((f"IDVNM{digits(22)}<<{digits(1)}", second, name))


def misc_text(rng: random.Random, test: bool = False) -> str:
    """Zones, loose syllables, and any sign anywhere, so that no class starves."""
    r = rng.random()
    if r < 0.35:
        return mrz_text(rng, test)
    if r < 0.8:
        words = (
            "".join(rng.choice(CHARSET[1:]) for _ in range(rng.randint(1, 6)))
            for _ in range(rng.randint(1, 4))
        )
        return " ".join(words)
    return " ".join(syllable(rng) for _ in range(rng.randint(1, 6)))


_KINDS: dict[str, Texts] = {
    "name": name_text,
    "address": address_text,
    "number": number_text,
    "date": date_text,
    "label": label_text,
    "misc": misc_text,
}
