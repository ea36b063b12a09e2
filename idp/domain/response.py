"""What goes back to the client, and in which way

(RFC 6749, section 4.1.2; OAuth 2.0 Multiple Response Type Encoding Practices; Form Post Response Mode 1.0).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode, urlsplit

from idp.domain.errors import OAuthError

ResponseMode = Literal["query", "fragment", "form_post"]
MODES: tuple[ResponseMode, ...] = ("query", "fragment", "form_post")


@dataclass(frozen=True, slots=True)
class Answer:
    """An authorization response to a proven ``redirect_uri``."""

    redirect_uri: str
    params: dict[str, str]
    mode: ResponseMode = "query"

    @property
    def url(self) -> str:
        """The address that carries the answer; a form_post answer is carried by a page instead."""
        assert self.mode != "form_post"
        if self.mode == "fragment":
            return f"{self.redirect_uri}#{urlencode(self.params)}"
        separator = "&" if urlsplit(self.redirect_uri).query else "?"
        return f"{self.redirect_uri}{separator}{urlencode(self.params)}"


def mode_of(asked: str | None) -> ResponseMode:
    """The mode of an error answer: an unknown one falls back to the code flow's default."""
    return next((mode for mode in MODES if mode == asked), "query")


def answer(
    redirect_uri: str, mode: ResponseMode, params: dict[str, str], *, issuer: str, state: str | None
) -> Answer:
    """``iss`` always (RFC 9207), ``state`` when the client sent one, empty parameters never."""
    full = {name: value for name, value in params.items() if value} | {"iss": issuer}
    if state is not None:
        full["state"] = state
    return Answer(redirect_uri, full, mode)


def error_answer(
    redirect_uri: str, mode: ResponseMode, error: OAuthError, *, issuer: str, state: str | None
) -> Answer:
    """RFC 6749, section 4.1.2.1."""
    params = {"error": error.code, "error_description": error.description}
    return answer(redirect_uri, mode, params, issuer=issuer, state=state)
