"""JSON from outside that can be kept and sent on: bounded depth, numbers and text that every reader knows
(RFC 8259; I-JSON, RFC 7493, section 2)."""

from __future__ import annotations

import json
from typing import Any

_DEEPEST = 20


def parse(text: str | bytes) -> Any:
    """Raises ValueError for what is no such JSON."""
    try:
        value = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return check(value)


def check(value: Any, depth: int = 0) -> Any:
    """The value itself. Raises ValueError: nested too deeply, NaN or infinite, half a character, NUL."""
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        for name, member in value.items():
            check(name, depth)
            check(member, depth + 1)
    elif isinstance(value, list):
        for member in value:
            check(member, depth + 1)
    elif isinstance(value, str):
        value.encode()  # UnicodeEncodeError is a ValueError
        if "\0" in value:
            raise ValueError("NUL in a text")
    elif isinstance(value, float) and value - value != 0:
        raise ValueError("not a finite number")
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
