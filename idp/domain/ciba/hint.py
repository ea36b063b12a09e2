"""Exactly one hint says who is asked (CIBA, section 7.1)."""

from __future__ import annotations

import re
from typing import Any

from idp.domain.ciba.context import CibaContext, Hint
from idp.domain.errors import OAuthError

NAMES = ("login_hint", "id_token_hint", "login_hint_token")
_SUBJECT = re.compile(r"[A-Za-z0-9_-]{1,255}")


def check(context: CibaContext) -> None:
    sent = [name for name in NAMES if name in context.params]
    if len(sent) != 1:
        raise OAuthError("invalid_request", f"exactly one of {', '.join(NAMES)} is required")
    if sent == ["login_hint_token"]:
        context.hint = context.token_hint
    if sent == ["login_hint"]:
        context.hint = of_text(context.params["login_hint"])


def of_text(text: str) -> Hint:
    """The 12 digits that people sign in with, or a ``sub`` of this client's.

    Raises OAuthError("unknown_user_id") for what can be neither.
    """
    text = "".join(text.split())
    if len(text) == 12 and text.isascii() and text.isdigit():
        return Hint(number=text)
    if _SUBJECT.fullmatch(text):
        return Hint(subject=text)
    raise OAuthError("unknown_user_id", "the hint is neither a personal number nor a sub")


def of_subject_id(identifier: Any, issuer: str) -> Hint:
    """A Subject Identifier (RFC 9493) in the format ``iss_sub`` of ours, or ``opaque``.

    Raises OAuthError("unknown_user_id").
    """
    if isinstance(identifier, dict):
        name = {"iss_sub": "sub", "opaque": "id"}.get(str(identifier.get("format")), "")
        value, foreign = identifier.get(name), name == "sub" and identifier.get("iss") != issuer
        if isinstance(value, str) and not foreign:
            return of_text(value)
    raise OAuthError("unknown_user_id", "sub_id must be in the format iss_sub or opaque")
