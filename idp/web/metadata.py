"""The provider's metadata (OpenID Connect Discovery 1.0; RFC 8414), computed from what is registered."""

from __future__ import annotations

from typing import Any

from idp.domain import encryption
from idp.domain.assurance import build as assurance
from idp.domain.checks.prompt import PROMPT_VALUES
from idp.domain.claims import ACR_LEVELS, supported_claims, supported_scopes
from idp.domain.response import MODES
from idp.usecases.authenticate_client import methods
from idp.usecases.client_assertion import ASSERTION_ALGORITHMS
from idp.usecases.client_keys import ALGORITHMS
from idp.usecases.services import Services
from idp.web import (
    backchannel_authentication,
    device_authorization,
    par,
    registration,
    session_check,
    token_management,
)
from idp.web.i18n import LOCALES


def metadata(services: Services, grants: tuple[str, ...]) -> dict[str, Any]:
    issuer = services.issuer
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "pushed_authorization_request_endpoint": f"{issuer}{par.PATH}",
        "require_pushed_authorization_requests": False,
        "registration_endpoint": f"{issuer}{registration.PATH}",
        "end_session_endpoint": f"{issuer}/logout",
        "scopes_supported": supported_scopes(services.messengers),
        "claims_supported": supported_claims(services.messengers),
        "response_types_supported": ["code"],
        "response_modes_supported": list(MODES),
        "grant_types_supported": list(grants),
        "subject_types_supported": ["pairwise"],
        "acr_values_supported": list(ACR_LEVELS),
        "id_token_signing_alg_values_supported": services.signer.algorithms(),
        "id_token_encryption_alg_values_supported": list(encryption.ALGORITHMS),
        "id_token_encryption_enc_values_supported": list(encryption.CONTENT_ALGORITHMS),
        "userinfo_signing_alg_values_supported": services.signer.algorithms(),
        "userinfo_encryption_alg_values_supported": list(encryption.ALGORITHMS),
        "userinfo_encryption_enc_values_supported": list(encryption.CONTENT_ALGORITHMS),
        "token_endpoint_auth_methods_supported": list(methods(services)),
        "token_endpoint_auth_signing_alg_values_supported": ASSERTION_ALGORITHMS,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": list(PROMPT_VALUES),
        "ui_locales_supported": list(LOCALES),
        "claims_locales_supported": ["vi"],
        "display_values_supported": ["page", "popup", "touch"],
        "claims_parameter_supported": True,
        "verified_claims_supported": True,
        "trust_frameworks_supported": [assurance.trust_framework(issuer)],
        "claims_in_verified_claims_supported": list(assurance.VERIFIED_CLAIMS),
        "evidence_supported": ["document", "electronic_record"],
        "documents_supported": list(assurance.DOCUMENTS),
        "documents_check_methods_supported": [*assurance.METHODS, assurance.liveness_method(issuer)],
        "electronic_records_supported": list(assurance.RECORDS),
        "request_parameter_supported": True,
        "request_uri_parameter_supported": True,
        "require_request_uri_registration": True,
        "require_signed_request_object": False,
        "request_object_signing_alg_values_supported": list(ALGORITHMS),
        "authorization_response_iss_parameter_supported": True,
        "authorization_signing_alg_values_supported": services.signer.algorithms(),
        "authorization_encryption_alg_values_supported": list(encryption.ALGORITHMS),
        "authorization_encryption_enc_values_supported": list(encryption.CONTENT_ALGORITHMS),
        "authorization_details_types_supported": sorted(services.details_types),
        **token_management.metadata(services),
        **device_authorization.metadata(services),
        **backchannel_authentication.metadata(services),
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
        **session_check.metadata(services),
    }
