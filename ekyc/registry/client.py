"""The registry over HTTP, for those who ask: implements ``ekyc.ports.Registry``."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from ekyc.errors import EkycError
from ekyc.registry.person import Person
from ekyc.registry.wire import person_from_json


class HttpRegistry:
    """One connection pool to one registry. Thread-safe; close it when done.

    Raises EkycError: number_invalid, number_unknown, registry_unavailable (no answer, an error of the
    registry, or an answer that cannot be read).
    """

    def __init__(
        self, base_url: str, *, timeout: float = 5.0, transport: httpx.BaseTransport | None = None
    ) -> None:
        # trust_env off: the registry is in our own network, never behind a proxy from the environment
        self._http = httpx.Client(base_url=base_url, timeout=timeout, transport=transport, trust_env=False)

    def lookup(self, number: str, *, caller: str, purpose: str) -> Person:
        """The record without portrait."""
        answer = self._ask("lookup", {"number": number}, caller, purpose)
        try:
            return person_from_json(_json(answer)["person"])
        except (KeyError, ValidationError):
            raise _unreadable() from None

    def match(self, number: str, given: dict[str, str], *, caller: str, purpose: str) -> dict[str, bool]:
        """Field name -> does it match."""
        answer = self._ask("match", {"number": number, "fields": given}, caller, purpose)
        fields = _json(answer).get("fields")
        if not isinstance(fields, dict) or fields.keys() != given.keys():
            raise _unreadable()
        return {name: outcome == "match" for name, outcome in fields.items()}

    def portrait(self, number: str, *, caller: str, purpose: str) -> bytes | None:
        """JPEG bytes, or None where the registry has no portrait."""
        answer = self._ask("portrait", {"number": number}, caller, purpose, may_lack="portrait_unknown")
        return answer.content if answer.status_code == httpx.codes.OK else None

    def close(self) -> None:
        self._http.close()

    def _ask(
        self, operation: str, body: dict[str, Any], caller: str, purpose: str, may_lack: str | None = None
    ) -> httpx.Response:
        if not caller or not purpose:
            raise ValueError("caller and purpose are required")
        # header fields are ASCII; a purpose written in Vietnamese travels percent-encoded
        headers = {"Registry-Caller": _ascii(caller), "Registry-Purpose": _ascii(purpose)}
        try:
            answer = self._http.post(f"/v1/people/{operation}", json=body, headers=headers)
        except httpx.HTTPError as error:
            raise EkycError("registry_unavailable", type(error).__name__) from error
        if answer.status_code == httpx.codes.OK:
            return answer
        code = _problem_code(answer)
        if may_lack is not None and code == may_lack:
            return answer
        if code in ("number_unknown", "number_invalid"):
            raise EkycError(code)
        raise EkycError("registry_unavailable", f"answered {answer.status_code} {code}".strip())


def _ascii(text: str) -> str:
    return quote(text, safe=" !#$&'()*+,/:;=?@[]~")


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        raise _unreadable() from None
    if not isinstance(document, dict):
        raise _unreadable()
    return document


def _problem_code(answer: httpx.Response) -> str:
    if answer.headers.get("content-type", "").split(";")[0] != "application/problem+json":
        return ""
    try:
        return str(_json(answer).get("code", ""))
    except EkycError:
        return ""


def _unreadable() -> EkycError:
    return EkycError("registry_unavailable", "the answer cannot be read")
