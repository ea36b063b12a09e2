"""What the rules read and fill in, besides what an authorization request has."""

from __future__ import annotations

from dataclasses import dataclass

from idp.domain.checks.context import Context


@dataclass(frozen=True, slots=True)
class Hint:
    """Whom the client means: by personal number, or by the ``sub`` that it knows them by."""

    number: str | None = None
    subject: str | None = None


@dataclass(slots=True)
class CibaContext(Context):
    """``token_hint``: what a login_hint_token said. ``requested_expiry`` in seconds."""

    token_hint: Hint | None = None
    hint: Hint | None = None
    notification_token: str | None = None
    binding_message: str | None = None
    requested_expiry: int | None = None
