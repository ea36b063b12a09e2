"""Sign citizens in with Một Chạm ID.

``motcham.fastapi`` and ``motcham.django`` are adapters for frameworks; this package holds what they share.
"""

from .errors import (
    AssuranceTooLow,
    CallbackError,
    ConfigurationError,
    CrossSiteRequest,
    IssuerMismatch,
    MotChamError,
    ProviderError,
    ProviderUnavailable,
    SessionStoreUnavailable,
    SessionTooLarge,
    SignInExpired,
    SignInRefused,
    SignInRequired,
    StateMismatch,
    TokenInvalid,
)
from .models import Address, Citizen, Place

__all__ = [
    "Address",
    "AssuranceTooLow",
    "CallbackError",
    "Citizen",
    "ConfigurationError",
    "CrossSiteRequest",
    "IssuerMismatch",
    "MotChamError",
    "Place",
    "ProviderError",
    "ProviderUnavailable",
    "SessionStoreUnavailable",
    "SessionTooLarge",
    "SignInExpired",
    "SignInRefused",
    "SignInRequired",
    "StateMismatch",
    "TokenInvalid",
]
