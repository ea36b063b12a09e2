"""PKCE with S256 (RFC 7636; RFC 9700, section 2.1.1), required unless an admin let the client off.

A challenge that is sent all the same counts.
"""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError
from idp.domain.pkce import is_challenge


def check(context: Context) -> None:
    assert context.client is not None
    challenge = context.params.get("code_challenge")
    if challenge is None:
        if context.client.require_pkce or "code_challenge_method" in context.params:
            raise OAuthError("invalid_request", "code_challenge is required")
        return
    if context.params.get("code_challenge_method", "plain") != "S256":
        raise OAuthError("invalid_request", "code_challenge_method must be S256")
    if not is_challenge(challenge):
        raise OAuthError("invalid_request", "code_challenge must be 43 base64url characters")
