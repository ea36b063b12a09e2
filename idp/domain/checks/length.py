"""What is kept or sent back has a length that addresses and stores can bear.

An answer that repeats an endless ``state`` would be lost on the way, so this is a page, not a redirect.
"""

from idp.domain.checks.context import Context
from idp.domain.errors import UntrustedRequest

MAX_LENGTH = 4000  # characters
_NAMES = ("state", "scope", "acr_values", "ui_locales", "resource", "login_hint")


def check(context: Context) -> None:
    for name in _NAMES:
        if len(context.params.get(name, "")) > MAX_LENGTH:
            raise UntrustedRequest("invalid_request", f"{name} has more than {MAX_LENGTH} characters")
