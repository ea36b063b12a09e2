"""``prompt`` is a list of known words, ``none`` stands alone (OpenID Connect Core, section 3.1.2.1)."""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError

PROMPT_VALUES = ("none", "login", "consent", "select_account", "create")


def check(context: Context) -> None:
    asked = tuple(context.params.get("prompt", "").split())
    unknown = [word for word in asked if word not in PROMPT_VALUES]
    if unknown:
        raise OAuthError("invalid_request", "prompt has an unknown value")
    if "none" in asked and len(asked) > 1:
        raise OAuthError("invalid_request", "prompt none stands alone")
    context.prompt = asked
