"""Sentences in Vietnamese and English, read from ``messages/{vi,en}.toml``."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")
VIETNAM = timezone(timedelta(hours=7), "ICT")  # no summer time since 1975, so a fixed offset is exact


class Text:
    """Looks up sentences by dotted key; later folders add to and override earlier ones."""

    def __init__(self, *folders: Path) -> None:
        self.messages: dict[Language, dict[str, str]] = {language: {} for language in LANGUAGES}
        for folder in folders:
            for language in LANGUAGES:
                tree = tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
                self.messages[language].update(_flatten(tree))

    def __call__(self, language: Language, key: str, /, **values: object) -> str:
        """The sentence for ``key``; KeyError for a key that no file has."""
        sentence = self.messages[language][key]
        return sentence.format(**values) if values else sentence


def as_language(value: str | None) -> Language | None:
    """``value`` when it names a language we speak, else None."""
    return value if value in LANGUAGES else None


def plain(text: str) -> str:
    """Lower case without Vietnamese marks, so that a search finds either spelling."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def tidy(text: str) -> str:
    """NFC, without control characters, each run of blanks one blank; line ends stay."""
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if c == "\n" or c.isprintable())
    return "\n".join(" ".join(line.split()) for line in kept.split("\n")).strip()


def show_date(day: date, language: Language) -> str:
    """02/09/1990 in Vietnamese, 2 September 1990 in English."""
    return f"{day:%d/%m/%Y}" if language == "vi" else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def show_time(at: float, language: Language) -> str:
    """Seconds since 1970 as Vietnam's wall clock: 14:05, 02/09/2026."""
    moment = datetime.fromtimestamp(at, tz=UTC).astimezone(VIETNAM)
    return f"{moment:%H:%M}, {show_date(moment.date(), language)}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat.update(_flatten(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = str(value)
    return flat
