"""``authorization_details`` of types defined here and registered for the client (RFC 9396, section 5)."""

from idp.domain.checks.context import Context
from idp.domain.details import request


def check(context: Context) -> None:
    assert context.client is not None
    asked = context.params.get("authorization_details")
    if asked is not None:
        registered = context.client.authorization_details_types
        context.authorization_details = request.parse(asked, context.details_types, registered)
