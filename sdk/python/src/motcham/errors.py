"""The error tree. Every error has a stable ``code``; nothing personal is ever put into a message."""

from __future__ import annotations


class MotChamError(Exception):
    """Base of all errors of this package.

    code: stable machine code, also the key of the sentence shown to the citizen.
    message: English sentence for developers and logs, without personal data.
    request_id: the id printed on the page and in the log line, when an HTTP request was under way.
    status: HTTP status (RFC 9110) of the answer.
    """

    status = 500

    def __init__(self, code: str, message: str, *, request_id: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.request_id = request_id


class ConfigurationError(MotChamError):
    """The app is set up wrongly; the message names the environment variable or argument to mend."""


class ProviderError(MotChamError):
    """The provider answered something that the protocol does not allow, or refused the request."""

    status = 502


class ProviderUnavailable(ProviderError):
    """The provider cannot be reached, is too slow, or answers 5xx. Trying again later may help."""

    status = 503


class CallbackError(MotChamError):
    """The answer brought back by the browser cannot be used."""

    status = 400


class StateMismatch(CallbackError):
    """The answer belongs to no sign-in that this browser started (OpenID Connect Core 3.1.2.7)."""


class SignInExpired(CallbackError):
    """The citizen took longer than a sign-in may last."""


class IssuerMismatch(CallbackError):
    """RFC 9207: the answer comes from another provider than the one that was asked."""


class SignInRefused(CallbackError):
    """The citizen did not agree (``access_denied``)."""

    status = 403


class TokenInvalid(MotChamError):
    """The ID token failed a check of OpenID Connect Core 3.1.3.7."""

    status = 502


class SessionTooLarge(MotChamError):
    """The citizen's claims do not fit into the cookies that a browser keeps."""


class SessionStoreUnavailable(MotChamError):
    """The database of sessions does not answer."""

    status = 503


class SignInRequired(MotChamError):
    """The route needs a signed-in citizen, or more than the present sign-in gives.

    level, scope, max_age: what the route asks for; the adapter starts a sign-in with them.
    """

    status = 401

    def __init__(
        self,
        code: str = "sign_in_required",
        message: str = "sign-in required",
        *,
        level: int | None = None,
        scope: tuple[str, ...] = (),
        max_age: int | None = None,
    ) -> None:
        super().__init__(code, message)
        self.level = level
        self.scope = scope
        self.max_age = max_age


class AssuranceTooLow(MotChamError):
    """The citizen came back from the provider without the level or the data that the route needs."""

    status = 403


class CrossSiteRequest(MotChamError):
    """A sign-out that another site tried to send."""

    status = 403
