"""Errors that know their code, status and whether they may be sent to the client by redirect."""

from __future__ import annotations


class IdpError(Exception):
    """Base of every refusal. ``code`` is stable and names the sentence ``error.<code>`` of the catalogue.

    ``retry_after``: seconds after which another try makes sense.
    """

    status = 400

    def __init__(
        self,
        code: str,
        description: str = "",
        *,
        status: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(f"{code}: {description}" if description else code)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        if status is not None:
            self.status = status


class OAuthError(IdpError):
    """An error of RFC 6749, OpenID Connect Core or an extension, sent as JSON or by redirect.

    ``description`` is for developers, in English, and never holds personal data.
    """


class InvalidRequestObject(OAuthError):
    """The request object is refused (RFC 9101, section 6.2). ``response_mode``: the one inside, unproven."""

    def __init__(self, description: str, response_mode: str | None) -> None:
        super().__init__("invalid_request_object", description)
        self.response_mode = response_mode


class UntrustedRequest(IdpError):
    """The client or its redirect URI is not proven, so the answer is a page, never a redirect
    (RFC 6749, section 4.1.2.1)."""


class PageError(IdpError):
    """A citizen's action that can't go on; shown as a page or next to the form."""


class CheckRefused(IdpError):
    """The eKYC engine refused a photo, frames or a person; ``code`` is one of the engine's codes."""

    status = 422


class MessageNotSent(Exception):
    """A carrier did not take a message; the text says why, without the message or its address."""
