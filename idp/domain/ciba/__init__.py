"""The backchannel authentication request, rule by rule (CIBA Core 1.0, section 7.2)."""

from __future__ import annotations

from idp.domain.checks import (
    acr_values,
    authorization_details,
    claims,
    id_token_hint,
    max_age,
    resource,
    scope,
)
from idp.domain.ciba import binding_message, hint, notification_token, requested_expiry, signed

RULES = (
    signed.check,
    scope.check,
    hint.check,
    notification_token.check,
    binding_message.check,
    requested_expiry.check,
    resource.check,
    max_age.check,
    acr_values.check,
    id_token_hint.check,
    claims.check,
    authorization_details.check,
)
