"""The ``claims`` parameter (OpenID Connect Core, section 5.5): reading it and answering it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from idp.domain import strict_json

Place = Literal["userinfo", "id_token"]
PLACES: tuple[Place, ...] = ("userinfo", "id_token")
_MAX_LENGTH = 16_000  # characters


def parse(text: str) -> dict[str, Any]:
    """``{"userinfo": {name: None or {...}}, "id_token": {...}}``; unknown members are ignored.

    Raises ValueError with a sentence for the client's developer.
    """
    if len(text) > _MAX_LENGTH:
        raise ValueError("claims is too long")
    try:
        data = strict_json.parse(text)
    except ValueError:
        raise ValueError("claims is not JSON") from None
    if not isinstance(data, dict):
        raise ValueError("claims must be a JSON object")
    return {place: _members(place, data[place]) for place in PLACES if data.get(place) is not None}


def verified(claims: Mapping[str, Any]) -> list[Any]:
    """The ``verified_claims`` requests of every place, not looked into."""
    found = (members.get("verified_claims") for members in claims.values())
    return [wanted for wanted in found if wanted is not None]


def _members(place: str, members: Any) -> dict[str, Any]:
    if not isinstance(members, dict):
        raise ValueError(f"claims: {place} must be an object")
    for name, wish in members.items():
        if name != "verified_claims":  # has rules of its own, see domain/assurance
            check_wish(name, wish)
    return members


def check_wish(name: str, wish: Any) -> None:
    """``null``, or an object with ``essential``, ``value``, ``values`` (section 5.5.1)."""
    if wish is None:
        return
    if not isinstance(wish, dict):
        raise ValueError(f"claims: {name} must be null or an object")
    if not isinstance(wish.get("essential", False), bool):
        raise ValueError(f"claims: essential of {name} must be a boolean")
    if "values" in wish and not (isinstance(wish["values"], list) and wish["values"]):
        raise ValueError(f"claims: values of {name} must be an array")


def wishes(claims: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """name -> wish for one place, ``verified_claims`` left out."""
    members: dict[str, Any] = claims.get(place) or {}
    return {name: wish for name, wish in members.items() if name != "verified_claims"}


def names(claims: Mapping[str, Any]) -> frozenset[str]:
    """Every claim asked for by name, anywhere."""
    return frozenset(name for place in PLACES for name in wishes(claims, place))


def accepts(wish: Any, value: Any) -> bool:
    """Whether the value is one that the client wants."""
    wish = wish or {}
    if "value" in wish:
        return bool(wish["value"] == value)
    return "values" not in wish or value in wish["values"]


def answer(claims: Mapping[str, Any], place: Place, available: Mapping[str, Any]) -> dict[str, Any]:
    """What can be returned. A claim that is missing or has another value is left out without an error,
    essential or not (section 5.5.1)."""
    return {
        name: available[name]
        for name, wish in wishes(claims, place).items()
        if name in available and accepts(wish, available[name])
    }


def without(claims: Mapping[str, Any], unwanted: frozenset[str]) -> dict[str, Any]:
    """The same request without some claims."""
    return {
        place: {name: wish for name, wish in members.items() if name not in unwanted}
        for place, members in claims.items()
    }


def wanted_values(claims: Mapping[str, Any], place: Place, name: str) -> tuple[tuple[str, ...], bool]:
    """(the string values that the client wants of one claim, in order; whether it is essential)."""
    wish = wishes(claims, place).get(name) or {}
    listed = [wish["value"]] if "value" in wish else wish.get("values", [])
    return tuple(value for value in listed if isinstance(value, str)), wish.get("essential", False)
