"""``client_notification_token``: a bearer token of the client's own, for the ping (CIBA, section 7.1)."""

import re

from idp.domain.ciba.context import CibaContext
from idp.domain.errors import OAuthError

_SYNTAX = re.compile(r"[A-Za-z0-9\-._~+/]+=*")  # RFC 6750, section 2.1
_MAX_LENGTH = 1024  # characters
_MIN_LENGTH = 22  # 128 bits need as many in base64; 160 are recommended


def check(context: CibaContext) -> None:
    assert context.client is not None
    if context.client.backchannel_token_delivery_mode != "ping":
        return
    token = context.params.get("client_notification_token")
    if token is None:
        raise OAuthError("invalid_request", "client_notification_token is required in ping mode")
    if not (_MIN_LENGTH <= len(token) <= _MAX_LENGTH and _SYNTAX.fullmatch(token)):
        raise OAuthError("invalid_request", "client_notification_token is not a bearer token of 128 bits")
    context.notification_token = token
