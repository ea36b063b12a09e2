"""Sentences in Vietnamese and English, and the choice between them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

LOCALES = ("vi", "en")
_FOLDER = Path(__file__).parent / "messages"


def _flatten(table: dict[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def load(locale: str) -> dict[str, str]:
    return dict(_flatten(tomllib.loads((_FOLDER / f"{locale}.toml").read_text(encoding="utf-8"))))


CATALOGUES = {locale: load(locale) for locale in LOCALES}


def negotiate(*wishes: str | None) -> str:
    """The first wish that we speak; each is one tag, or a list as in Accept-Language or ui_locales."""
    for wish in wishes:
        for tag in (wish or "").replace(",", " ").split():
            primary = tag.split(";")[0].split("-")[0].lower()
            if primary in LOCALES:
                return primary
    return "vi"


def has(locale: str, key: str) -> bool:
    return key in CATALOGUES[locale]


def sentence(locale: str, key: str, **values: object) -> str:
    return CATALOGUES[locale][key].format(**values)
