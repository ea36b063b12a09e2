"""The part of JSON Schema (2020-12) that types are written in. Other keywords are refused when a type is
read, so that nobody takes a rule for checked that is not."""

from __future__ import annotations

import math
import re
from typing import Any

Schema = dict[str, Any]

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}
_KEYWORDS = {
    "object": {"properties", "required", "additionalProperties"},
    "array": {"items", "minItems", "maxItems", "uniqueItems"},
    "string": {"enum", "pattern", "minLength", "maxLength"},
    "integer": {"minimum", "maximum"},
    "number": {"minimum", "maximum"},
    "boolean": set[str](),
}


def check_schema(schema: Any, where: str = "schema") -> None:
    """Raises ValueError with the place of what cannot be checked, or could not be shown to a citizen."""
    if not isinstance(schema, dict) or schema.get("type") not in _TYPES:
        raise ValueError(f"{where}: type must be one of {', '.join(_TYPES)}")
    kind = schema["type"]
    if unknown := schema.keys() - _KEYWORDS[kind] - {"type"}:
        raise ValueError(f"{where}: {', '.join(sorted(unknown))} cannot be checked")
    if kind == "object":
        _check_object(schema, where)
    elif kind == "array":
        if not isinstance(schema.get("items"), dict) or schema["items"].get("type") in ("object", "array"):
            raise ValueError(f"{where}: items must be single values")
        check_schema(schema["items"], f"{where}.items")
    elif kind == "string":
        _check_string(schema, where)


def _check_string(schema: Schema, where: str) -> None:
    """Free text could say anything on the consent page, so there is none."""
    enum = schema.get("enum", [])
    if not ("enum" in schema or "pattern" in schema) or not all(isinstance(value, str) for value in enum):
        raise ValueError(f"{where}: a string needs enum (of strings) or pattern")
    try:
        re.compile(schema.get("pattern", ""))
    except re.error as error:
        raise ValueError(f"{where}: pattern: {error}") from None


def _check_object(schema: Schema, where: str) -> None:
    properties = schema.get("properties")
    if not isinstance(properties, dict) or schema.get("additionalProperties") is not False:
        raise ValueError(f"{where}: an object needs properties and additionalProperties = false")
    if unknown := set(schema.get("required", ())) - properties.keys():
        raise ValueError(f"{where}: required names {', '.join(sorted(unknown))}, which is no property")
    for name, member in properties.items():
        check_schema(member, f"{where}.{name}")


def problem(value: Any, schema: Schema, where: str) -> str | None:
    """What is wrong with a value, in words for a developer; None where it fits. Never quotes the value."""
    kind = schema["type"]
    of_type = isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
    if not of_type:
        return f"{where} is not of type {kind}"
    if kind == "object":
        return _object(value, schema, where)
    if kind == "array":
        return _array(value, schema, where)
    if kind == "string":
        return _string(value, schema, where)
    low, high = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
    return None if low <= value <= high and abs(value) < math.inf else f"{where} is out of range"


def _object(value: dict[str, Any], schema: Schema, where: str) -> str | None:
    properties = schema["properties"]
    for name in schema.get("required", ()):
        if name not in value:
            return f"{where}.{name} is missing"
    if value.keys() - properties.keys():
        return f"{where} has a member that its type does not know"
    problems = (problem(member, properties[name], f"{where}.{name}") for name, member in value.items())
    return next((found for found in problems if found), None)


def _array(value: list[Any], schema: Schema, where: str) -> str | None:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 100):
        return f"{where} has too few or too many items"
    found = next((p for item in value if (p := problem(item, schema["items"], f"{where}[]"))), None)
    if found is None and schema.get("uniqueItems") and len(set(value)) != len(value):
        return f"{where} has an item twice"
    return found


def _string(value: str, schema: Schema, where: str) -> str | None:
    if "enum" in schema and value not in schema["enum"]:
        return f"{where} is not one of its values"
    fits = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 200)
    if not fits or not value.isprintable() or not re.search(schema.get("pattern", ""), value):
        return f"{where} has the wrong form"
    return None
