"""A policy as plain values, as TOML that can be read back, and as the hash that names it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any

from ekyc.policy import Policy

UNITS = {
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "second": timedelta(seconds=1),
}


def settings_of(policy: Policy) -> dict[str, Any]:
    """Every setting, nested as in the file."""
    plain: dict[str, Any] = _plain(policy)
    return plain


def version_of(policy: Policy) -> str:
    """SHA-256 (hexadecimal) of all settings: equal policies have equal versions, however written."""
    canonical = json.dumps(settings_of(policy), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def to_toml(policy: Policy) -> str:
    """All settings, in the form that ``file.read_policy`` takes; what follows from them as notes."""
    settings = settings_of(policy)
    limits = [f"# {name} = {value:.4f}" for name, value in settings["face"].pop("limits").items()]
    notes = [f"# version {version_of(policy)}", "# distances of faces, by the rates below:", *limits]
    return "\n".join([*notes, *_lines(settings, "")]) + "\n"


def flat(settings: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Dotted name -> value."""
    out: dict[str, Any] = {}
    for name, value in settings.items():
        out.update(flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value})
    return out


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return _words(value) if isinstance(value, timedelta) else value


def _words(length: timedelta) -> str:
    name, unit = next((name, unit) for name, unit in UNITS.items() if not length % unit)
    count = length // unit
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _lines(settings: dict[str, Any], above: str) -> Iterator[str]:
    tables = {name: value for name, value in settings.items() if isinstance(value, dict)}
    for name, value in settings.items():
        if name not in tables:
            yield f"{name} = {json.dumps(value, ensure_ascii=False)}"
    for name, table in tables.items():
        yield f"\n[{above}{name}]"
        yield from _lines(table, f"{above}{name}.")
