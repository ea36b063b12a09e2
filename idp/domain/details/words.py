"""What a citizen reads about one ``authorization_details`` object (RFC 9396, section 5 and 12.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from idp.domain.details.types import DetailsType, members


@dataclass(frozen=True, slots=True)
class Told:
    """``facts``: (label, value) of every member that was asked for."""

    type: str
    title: str
    detail: str
    facts: list[tuple[str, str]]


def tell(detail: dict[str, Any], type_: DetailsType, locale: str) -> Told:
    words = type_.words[locale]
    facts = []
    for path, _ in members(type_.schema):
        value = _at(detail, path)
        if value is not None:
            named = words.get("values", {}).get(path, {})
            items = value if isinstance(value, list) else [value]
            facts.append((words["members"][path], ", ".join(named.get(str(x), str(x)) for x in items)))
    return Told(type_.name, words["title"], words["detail"], facts)


def _at(detail: dict[str, Any], path: str) -> Any:
    found: Any = detail
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found
