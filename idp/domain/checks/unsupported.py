"""Parameters of extensions that are not offered are refused by name (OpenID Connect Core, 3.1.2.6)."""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError

_ERRORS = {
    "registration": "registration_not_supported",
}


def check(context: Context) -> None:
    for name, code in _ERRORS.items():
        if name in context.params:
            raise OAuthError(code, f"{name} is not supported")
