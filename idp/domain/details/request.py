"""The parameter ``authorization_details`` (RFC 9396, sections 2 and 5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from idp.domain import strict_json
from idp.domain.details.schema import problem
from idp.domain.details.types import DetailsType
from idp.domain.errors import OAuthError

Details = tuple[dict[str, Any], ...]

_MAX_LENGTH = 8_000  # characters
_MOST = 10  # more could not be judged on a consent page


def parse(text: str, types: Mapping[str, DetailsType], registered: Collection[str]) -> Details:
    """The objects, each of a type that is defined here and registered for the client (section 5).

    Raises OAuthError("invalid_authorization_details").
    """
    for detail in (details := objects(text)):
        name = detail["type"]
        if name not in types or name not in registered:
            raise _invalid("a type is unknown or not registered for the client")
        body = {member: value for member, value in detail.items() if member != "type"}
        if found := problem(body, types[name].schema, name):
            raise _invalid(found)
    return details


def objects(text: str) -> Details:
    """A JSON array of objects with a ``type`` each. Raises OAuthError("invalid_authorization_details")."""
    try:
        data = strict_json.parse(text) if len(text) <= _MAX_LENGTH else None
    except ValueError:
        data = None
    if not isinstance(data, list) or not 1 <= len(data) <= _MOST:
        raise _invalid(f"authorization_details must be a JSON array of 1 to {_MOST} objects")
    if not all(isinstance(item, dict) and isinstance(item.get("type"), str) for item in data):
        raise _invalid("every object of authorization_details needs a type")
    return tuple(data)


def narrow(text: str, granted: Details) -> Details:
    """What a token request asks for out of what was granted (section 6.1).

    Raises OAuthError("invalid_authorization_details").
    """
    asked = objects(text)
    if not all(any(_within(wish, have) for have in granted) for wish in asked):
        raise _invalid("authorization_details is wider than what was granted")
    return asked


def _within(wish: Any, have: Any) -> bool:
    """The same members, the same values; of a list, some. A member left out could mean "any", so none is."""
    if isinstance(wish, dict) and isinstance(have, dict):
        return wish.keys() == have.keys() and all(_within(wish[name], have[name]) for name in wish)
    if isinstance(wish, list) and isinstance(have, list):
        return bool(wish) and all(item in have for item in wish)
    return type(wish) is type(have) and bool(wish == have)


def _invalid(description: str) -> OAuthError:
    return OAuthError("invalid_authorization_details", description)
