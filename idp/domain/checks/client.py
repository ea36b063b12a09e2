"""``client_id`` names a registered client, once (RFC 6749, section 4.1.1)."""

from idp.domain.checks.context import Context
from idp.domain.errors import UntrustedRequest


def check(context: Context) -> None:
    if "client_id" in context.repeated_names:
        raise UntrustedRequest("invalid_request", "client_id is repeated")
    if context.client is None:
        raise UntrustedRequest("invalid_client", "client_id is missing or unknown")
