"""Sign citizens in with Một Chạm ID.

``motcham.fastapi`` is the adapter for FastAPI; this package holds what all adapters share.
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
