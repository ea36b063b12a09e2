"""From all that can be said to what was asked for (OpenID Connect for Identity Assurance 1.0, 5.3 to 5.7).

Members that were not asked for are left out. An unmet constraint in ``verification`` leaves out the whole
answer, without an error; an unmet constraint on a claim leaves out that claim.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from idp.domain.assurance.request import each, is_constraint

# Always part of what holds them (Identity Assurance Schema Definition 1.0, section 5).
_REQUIRED = ("trust_framework", "type", "check_method", "assurance_type", "check_id")


class Unmet(Exception):
    """A constraint that what we know does not meet."""


def answer(wanted: Any, available: dict[str, Any], now: int) -> dict[str, Any] | list[dict[str, Any]] | None:
    """One object for one request, an array for an array; None when nothing can be said."""
    found = [result for request in each(wanted) if (result := _one(request, available, now)) is not None]
    if not found:
        return None
    return found if isinstance(wanted, list) else found[0]


def _one(request: dict[str, Any], available: dict[str, Any], now: int) -> dict[str, Any] | None:
    try:
        verification = _object(request["verification"], available["verification"], now)
    except Unmet:
        return None
    claims = {
        name: available["claims"][name]
        for name, wish in request["claims"].items()
        if name in available["claims"] and meets(wish or {}, available["claims"][name], now)
    }
    if not claims:
        return None
    _drop_dangling(verification)
    return {"verification": verification, "claims": claims}


def _object(wanted: dict[str, Any], available: dict[str, Any], now: int) -> dict[str, Any]:
    result = {name: available[name] for name in _REQUIRED if name in available}
    for name, wish in wanted.items():
        if name in available:
            result[name] = _member(wish, available[name], now)
        elif wish is not None and _constrains(wish):
            raise Unmet(name)
    return result


def _member(wish: Any, value: Any, now: int) -> Any:
    if wish is None:
        return value
    if isinstance(wish, list):
        return _entries(wish, value, now)
    if isinstance(value, dict) and not is_constraint(wish):
        return _object(wish, value, now)
    if isinstance(value, dict | list) or not is_constraint(wish):
        if _constrains(wish):
            raise Unmet
        return value
    if not meets(wish, value, now):
        raise Unmet
    return value


def _entries(wanted: list[Any], available: Any, now: int) -> list[Any]:
    """Each entry asked for is a filter and a template; one that fits is enough (section 5.3.2)."""
    result = []
    known = available if isinstance(available, list) else []
    for value in (entry for entry in known if isinstance(entry, dict)):
        for wish in wanted:
            try:
                result.append(_object(wish, value, now))
                break
            except Unmet:
                continue
    if not result:
        raise Unmet
    return result


def _constrains(wish: Any) -> bool:
    """Whether anything inside limits a value."""
    if isinstance(wish, list):
        return any(_constrains(entry) for entry in wish)
    if not isinstance(wish, dict):
        return False
    return any(name in wish for name in ("value", "values", "max_age")) or any(
        _constrains(inner) for inner in wish.values() if isinstance(inner, dict | list)
    )


def meets(wish: dict[str, Any], value: Any, now: int) -> bool:
    """``value``, ``values`` and ``max_age`` (seconds since a date or time)."""
    if "value" in wish and wish["value"] != value:
        return False
    if "values" in wish and value not in wish["values"]:
        return False
    return "max_age" not in wish or _age(value, now) <= wish["max_age"]


def _age(value: Any, now: int) -> float:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return float("inf")
    return now - moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


def _drop_dangling(verification: dict[str, Any]) -> None:
    """``evidence_ref`` may only name checks that are in the same answer (Schema Definition, 5.4.2)."""
    process = verification.get("assurance_process")
    if not isinstance(process, dict) or "assurance_details" not in process:
        return
    delivered = {
        check.get("check_id")
        for entry in verification.get("evidence", [])
        for check in entry.get("check_details", [])
    }
    details = []
    for detail in process["assurance_details"]:
        refs = [ref for ref in detail.get("evidence_ref", []) if ref["check_id"] in delivered]
        rest = {name: value for name, value in detail.items() if name != "evidence_ref"}
        details.append(rest | ({"evidence_ref": refs} if refs else {}))
    verification["assurance_process"] = process | {"assurance_details": details}
