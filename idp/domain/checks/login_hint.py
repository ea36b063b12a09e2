"""``login_hint`` is the personal number, taken only where it cannot be seen: by POST or pushed.

A number in an address ends up in histories and logs, so one that arrives by GET is ignored
(OpenID Connect Core, section 3.1.2.1, leaves the use of the hint to the provider).
"""

from idp.domain.checks.context import Context


def check(context: Context) -> None:
    hint = "".join(context.params.get("login_hint", "").split())
    if context.private and len(hint) == 12 and hint.isascii() and hint.isdigit():
        context.login_hint = hint
