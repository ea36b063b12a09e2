"""A policy as TOML: only what differs from ``Policy()`` has to be in the file.

Lengths of time are written as words: "24 hours", "30 days".
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from ekyc.face.calibration import DEFAULT_ENGINE, shipped_calibration
from ekyc.policies.safe import require_safe
from ekyc.policies.text import UNITS
from ekyc.policy import Policy

_DURATION = re.compile(r"(\d{1,4}) (day|hour|minute|second)s?")
_MAX_BYTES = 64 * 1024
T = TypeVar("T")


class PolicyError(ValueError):
    """The sentence names the setting and what it may be."""


def read_policy(path: Path) -> Policy:
    """Raises PolicyError: no such file, no TOML, unknown setting, wrong type, unsafe value."""
    try:
        data = path.read_bytes()[: _MAX_BYTES + 1]
        if len(data) > _MAX_BYTES:
            raise PolicyError(f"{path}: longer than {_MAX_BYTES} bytes")
        given = tomllib.loads(data.decode())
    except OSError as error:
        raise PolicyError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise error if isinstance(error, PolicyError) else PolicyError(f"{path}: {error}") from error
    return policy_from(given)


def policy_from(given: Mapping[str, Any]) -> Policy:
    """Raises PolicyError."""
    if isinstance(given.get("face"), dict) and "limits" in given["face"]:
        raise PolicyError("face.limits: follows from the rates; they are what can be set")
    policy = policy_from_trusted(given)
    try:
        require_safe(policy)
    except ValueError as error:
        raise PolicyError(str(error)) from error
    return replace(policy, face=policy.face.calibrated(shipped_calibration(DEFAULT_ENGINE)))


def policy_from_trusted(given: Mapping[str, Any]) -> Policy:
    """The same for settings that were in force: bounds of today do not judge them. Raises PolicyError."""
    return _merged(Policy(), given, "")


def _merged(default: T, given: Mapping[str, Any], above: str) -> T:
    known = {f.name: getattr(default, f.name) for f in fields(default)}  # type: ignore[arg-type]
    for name in given:
        if name not in known:
            raise PolicyError(f"{above}{name}: no such setting")
    changed = {name: _value(known[name], value, f"{above}{name}") for name, value in given.items()}
    return replace(default, **changed)  # type: ignore[type-var]


def _value(default: Any, value: Any, name: str) -> Any:
    if is_dataclass(default):
        if not isinstance(value, dict):
            raise PolicyError(f"{name}: has to be a table, [{name}]")
        return _merged(default, value, f"{name}.")
    if isinstance(default, timedelta):
        return _duration(value, name)
    if isinstance(default, float):
        if type(value) not in (int, float) or not math.isfinite(value):
            raise PolicyError(f"{name}: has to be a number")
        return float(value)
    if isinstance(default, tuple):
        if not isinstance(value, list) or len(set(map(repr, value))) < len(value):
            raise PolicyError(f"{name}: has to be a list without repetitions")
        return tuple(_value(default[0], part, name) for part in value)
    if type(value) is not type(default):
        raise PolicyError(f"{name}: has to be of type {type(default).__name__}")
    return value


def _duration(value: Any, name: str) -> timedelta:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PolicyError(f'{name}: has to be a length of time such as "24 hours" or "30 days"')
    return int(found[1]) * UNITS[found[2]]
