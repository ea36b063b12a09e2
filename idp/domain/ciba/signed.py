"""Who registered an algorithm signs every request (CIBA, section 7.1.1; FAPI: CIBA Profile, 5.2.2)."""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError


def check(context: Context) -> None:
    assert context.client is not None
    if context.client.backchannel_authentication_request_signing_alg is not None and not context.signed:
        raise OAuthError("invalid_request", "this client signs its requests: send them as request")
