"""``id_token_hint`` is an ID token that we gave to this client (OpenID Connect Core, section 3.1.2.1)."""

from idp.domain.checks.context import Context
from idp.domain.errors import OAuthError


def check(context: Context) -> None:
    if "id_token_hint" not in context.params:
        return
    claims = context.hint_claims
    audience = claims.get("aud") if claims else None
    if claims is None or context.params["client_id"] not in (
        audience if isinstance(audience, list) else [audience]
    ):
        raise OAuthError("invalid_request", "id_token_hint is not an ID token of this client")
    context.subject = str(claims["sub"])
