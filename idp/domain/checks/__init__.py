"""The authorization request, rule by rule, in the order of the specifications.

Rules before ``redirect_uri`` raise ``UntrustedRequest`` (a page); the later ones ``OAuthError``, which goes
back to the proven redirect URI.
"""

from __future__ import annotations

from idp.domain.checks import (
    acr_values,
    authorization_details,
    claims,
    client,
    dpop_jkt,
    id_token_hint,
    length,
    login_hint,
    max_age,
    nonce,
    pkce,
    prompt,
    pushed,
    redirect_uri,
    repeated,
    request_object,
    resource,
    response_mode,
    response_type,
    scope,
    signed_response,
    unsupported,
)
from idp.domain.checks.context import Context
from idp.domain.models import AuthorizationRequest

TRUST = (client.check, redirect_uri.check, length.check)
RULES = (
    repeated.check,
    unsupported.check,
    pushed.check,
    request_object.check,
    response_mode.check,
    signed_response.check,
    response_type.check,
    scope.check,
    nonce.check,
    pkce.check,
    prompt.check,
    resource.check,
    dpop_jkt.check,
    max_age.check,
    acr_values.check,
    login_hint.check,
    id_token_hint.check,
    claims.check,
    authorization_details.check,
)


def run(context: Context) -> AuthorizationRequest:
    """Every rule, then the accepted request. Raises UntrustedRequest, OAuthError."""
    for rule in (*TRUST, *RULES):
        rule(context)
    return build(context)


def build(context: Context) -> AuthorizationRequest:
    """The accepted request, after every rule has passed."""
    return AuthorizationRequest(
        client_id=context.params["client_id"],
        redirect_uri=context.redirect_uri,
        scope=context.scope,
        state=context.params.get("state"),
        nonce=context.params.get("nonce"),
        code_challenge=context.params.get("code_challenge", ""),
        prompt=context.prompt,
        max_age=context.max_age,
        acr_values=context.acr_values,
        ui_locales=tuple(context.params.get("ui_locales", "").split()),
        login_hint=context.login_hint,
        response_mode=context.response_mode,
        subject=context.subject,
        resources=context.resources,
        dpop_jkt=context.dpop_jkt,
        claims=context.claims,
        essential_acr=context.essential_acr,
        pushed=context.pushed,
        authorization_details=context.authorization_details,
    )
