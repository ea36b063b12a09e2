"""A type of ``authorization_details`` (RFC 9396, section 2.1): its name, its schema, and its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from idp.domain.details.schema import Schema, check_schema

LOCALES = ("vi", "en")
Words = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class DetailsType:
    """``schema`` is for the object without ``type``.

    ``words`` by locale: ``title``, ``detail``, ``members`` (path -> label) and ``values`` (path -> value ->
    label); the path of a member inside another is written with a dot.
    """

    name: str
    schema: Schema
    words: Words


Types = dict[str, DetailsType]


def read(document: dict[str, Any]) -> DetailsType:
    """Raises ValueError for what could not be checked, or not be said to a citizen in every language."""
    name, schema, words = document.get("type"), document.get("schema"), document.get("words")
    if not isinstance(name, str) or not name or not isinstance(words, dict):
        raise ValueError("a type needs type, schema and words")
    check_schema(schema)
    assert isinstance(schema, dict)
    if schema["type"] != "object":
        raise ValueError("schema must be an object's")
    for locale in LOCALES:
        _check_words(schema, words.get(locale, {}), f"words.{locale}")
    return DetailsType(name, schema, words)


def _check_words(schema: Schema, words: dict[str, Any], where: str) -> None:
    for part in ("title", "detail"):
        if not isinstance(words.get(part), str):
            raise ValueError(f"{where}.{part} is missing")
    for path, member in members(schema):
        if path not in words.get("members", {}):
            raise ValueError(f"{where}.members.{path} is missing")
        known = words.get("values", {}).get(path, {})
        if unnamed := set(member.get("items", member).get("enum", ())) - known.keys():
            raise ValueError(f"{where}.values.{path} lacks {', '.join(sorted(unnamed))}")


def members(schema: Schema, prefix: str = "") -> list[tuple[str, Schema]]:
    """(path, schema) of every member that holds a value, in the type's own order."""
    found: list[tuple[str, Schema]] = []
    for name, member in schema["properties"].items():
        inside = member["type"] == "object"
        found += members(member, f"{prefix}{name}.") if inside else [(prefix + name, member)]
    return found
