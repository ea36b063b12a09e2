"""``resource`` names APIs registered for the client (RFC 8707, section 2.1)."""

from idp.domain import resources
from idp.domain.checks.context import Context


def check(context: Context) -> None:
    assert context.client is not None
    context.resources = resources.split(context.params.get("resource"))
    resources.check(context.resources, context.client.resources)
