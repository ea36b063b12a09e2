"""``acr_values`` is a voluntary wish, in order of preference (OpenID Connect Core, section 3.1.2.1)."""

from idp.domain.checks.context import Context


def check(context: Context) -> None:
    asked = tuple(context.params.get("acr_values", "").split())
    context.acr_values = asked or (context.client.default_acr_values if context.client else ())
