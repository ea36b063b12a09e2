"""A person as JSON and back; dates are ISO 8601, the portrait never travels in JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import TypeAdapter

from ekyc.registry.person import Person

_ADAPTER = TypeAdapter(Person)


def person_to_json(person: Person) -> dict[str, Any]:
    """The record without its portrait."""
    document: dict[str, Any] = _ADAPTER.dump_python(person, mode="json", exclude={"portrait"})
    return document


def person_from_json(document: object) -> Person:
    """Check and rebuild a record; pydantic.ValidationError when it is not one."""
    return _ADAPTER.validate_python(document)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
