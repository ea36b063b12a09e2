"""Clients of Message Signing ask for signed responses (FAPI 2.0 Message Signing, section 5.4.1; JARM)."""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError
from idp.domain.response import SIGNED_MODES


def check(context: Context) -> None:
    assert context.client is not None
    if context.client.message_signing and context.params.get("response_mode") not in SIGNED_MODES:
        raise OAuthError("invalid_request", "this client must ask for a signed response_mode")
