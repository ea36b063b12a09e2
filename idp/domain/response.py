"""What goes back to the client, and in which way

(RFC 6749, section 4.1.2; OAuth 2.0 Multiple Response Type Encoding Practices; Form Post Response Mode 1.0;
JWT Secured Authorization Response Mode, JARM).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from idp.domain.errors import OAuthError

ResponseMode = Literal["query", "fragment", "form_post", "query.jwt", "fragment.jwt", "form_post.jwt"]
_CARRIERS: tuple[ResponseMode, ...] = ("query", "fragment", "form_post")
_SIGNED: dict[ResponseMode, ResponseMode] = {
    "query": "query.jwt",
    "fragment": "fragment.jwt",
    "form_post": "form_post.jwt",
}
SIGNED_MODES = ("jwt", *_SIGNED.values())
MODES = (*_CARRIERS, *SIGNED_MODES)


@dataclass(frozen=True, slots=True)
class Answer:
    """An authorization response to a proven ``redirect_uri``.

    In a mode that ends with ``.jwt`` it is not finished: ``usecases/sign_response.py`` signs it.
    """

    redirect_uri: str
    params: dict[str, str]
    mode: ResponseMode = "query"
    client_id: str = ""

    @property
    def url(self) -> str:
        """The address that carries the answer; a form_post answer is carried by a page instead."""
        assert self.mode in ("query", "fragment")
        if self.mode == "fragment":
            return f"{self.redirect_uri}#{urlencode(self.params)}"
        separator = "&" if urlsplit(self.redirect_uri).query else "?"
        return f"{self.redirect_uri}{separator}{urlencode(self.params)}"

    def claims(self, now: int, lifetime: int) -> dict[str, Any]:
        """JARM, section 2.1: ``iss`` is among the parameters already. ``lifetime`` in seconds."""
        return self.params | {"aud": self.client_id, "exp": now + lifetime}

    def carrying(self, token: str) -> Answer:
        """The same answer with nothing but ``response`` in it (JARM, section 2.3)."""
        carrier = next(mode for mode in _CARRIERS if _SIGNED[mode] == self.mode)
        return replace(self, params={"response": token}, mode=carrier)


def mode_of(asked: str | None, *, signed: bool = False) -> ResponseMode:
    """The mode of an answer. ``jwt`` is the code flow's default, signed (JARM, section 2.3.4); for an error
    answer, an unknown mode is that default too. ``signed``: the client is to get nothing unsigned."""
    if asked in SIGNED_MODES:
        return next((mode for mode in _SIGNED.values() if mode == asked), "query.jwt")
    mode: ResponseMode = next((mode for mode in _CARRIERS if mode == asked), "query")
    return _SIGNED[mode] if signed else mode


def answer(
    redirect_uri: str,
    mode: ResponseMode,
    params: dict[str, str],
    *,
    issuer: str,
    state: str | None,
    client_id: str,
) -> Answer:
    """``iss`` always (RFC 9207), ``state`` when the client sent one, empty parameters never."""
    full = {name: value for name, value in params.items() if value} | {"iss": issuer}
    if state is not None:
        full["state"] = state
    return Answer(redirect_uri, full, mode, client_id)


def error_answer(
    redirect_uri: str,
    mode: ResponseMode,
    error: OAuthError,
    *,
    issuer: str,
    state: str | None,
    client_id: str,
) -> Answer:
    """RFC 6749, section 4.1.2.1."""
    params = {"error": error.code, "error_description": error.description}
    return answer(redirect_uri, mode, params, issuer=issuer, state=state, client_id=client_id)
