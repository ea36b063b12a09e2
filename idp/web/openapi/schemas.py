"""What the endpoints answer (JSON Schema 2020-12). Further members may come with extensions."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
URI: Schema = {"type": "string", "format": "uri"}
TEXTS: Schema = {"type": "array", "items": TEXT}
OBJECT: Schema = {"type": "object"}


def record(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {"type": "object", "required": list(required), "properties": required | (optional or {})}


def one_of(values: list[str]) -> Schema:
    return {"type": "string", "enum": values}


SCHEMAS: dict[str, Schema] = {
    "Error": {
        "description": "RFC 6749, section 5.2. `error` is stable, `error_description` is for developers.",
        **record({"error": TEXT}, {"error_description": TEXT}),
    },
    "Tokens": {
        "description": "RFC 6749, section 5.1; OpenID Connect Core, section 3.1.3.3; RFC 8693, 2.2.1.",
        **record(
            {
                "access_token": TEXT,
                "token_type": one_of(["Bearer", "DPoP"]),
                "expires_in": NUMBER,
                "scope": TEXT,
            },
            {
                "refresh_token": TEXT,
                "id_token": TEXT,
                "issued_token_type": TEXT,
                "authorization_details": {"type": "array", "items": OBJECT},
            },
        ),
    },
    "Introspection": {
        "description": "RFC 7662, section 2.2; `active: false` alone for a token that is not the asker's.",
        **record(
            {"active": FLAG},
            {
                "iss": URI,
                "sub": TEXT,
                "aud": {"anyOf": [TEXT, TEXTS]},
                "client_id": TEXT,
                "scope": TEXT,
                "token_type": TEXT,
                "iat": NUMBER,
                "exp": NUMBER,
                "cnf": OBJECT,
                "act": OBJECT,
                "acr": TEXT,
            },
        ),
    },
    "Userinfo": {
        "description": "OpenID Connect Core, section 5.3.2: the claims that were agreed to.",
        **record({"sub": TEXT}, {"verified_claims": {}}),
    },
    "PushedRequest": {
        "description": "RFC 9126, section 2.2.",
        **record({"request_uri": TEXT, "expires_in": NUMBER}),
    },
    "DeviceAuthorization": {
        "description": "RFC 8628, section 3.2.",
        **record(
            {
                "device_code": TEXT,
                "user_code": TEXT,
                "verification_uri": URI,
                "verification_uri_complete": URI,
                "expires_in": NUMBER,
                "interval": NUMBER,
            }
        ),
    },
    "BackchannelAuthentication": {
        "description": "CIBA Core 1.0, section 7.3.",
        **record({"auth_req_id": TEXT, "expires_in": NUMBER}, {"interval": NUMBER}),
    },
    "Keys": {
        "description": "RFC 7517, section 5.",
        **record({"keys": {"type": "array", "minItems": 1, "items": record({"kty": TEXT, "kid": TEXT})}}),
    },
    "ProviderMetadata": {
        "description": "OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2.",
        **record(
            {
                "issuer": URI,
                "authorization_endpoint": URI,
                "token_endpoint": URI,
                "jwks_uri": URI,
                "response_types_supported": TEXTS,
                "subject_types_supported": TEXTS,
                "id_token_signing_alg_values_supported": TEXTS,
            }
        ),
    },
    "ClientMetadata": {
        "description": "RFC 7591, section 2; OpenID Connect Dynamic Client Registration 1.0, section 2.",
        **record(
            {"redirect_uris": {"type": "array", "items": URI}},
            {
                "client_name": {"type": "string", "maxLength": 200},
                "token_endpoint_auth_method": TEXT,
                "grant_types": TEXTS,
                "response_types": TEXTS,
                "scope": TEXT,
                "jwks": OBJECT,
                "jwks_uri": URI,
                "software_statement": TEXT,
                "default_max_age": NUMBER,
            },
        ),
    },
    "ClientInformation": {
        "description": "RFC 7591, section 3.2.1; RFC 7592, section 3.",
        **record(
            {"client_id": TEXT, "registration_access_token": TEXT, "registration_client_uri": URI},
            {"client_secret": TEXT, "client_secret_expires_at": NUMBER, "client_id_issued_at": NUMBER},
        ),
    },
}
