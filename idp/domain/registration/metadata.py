"""Between the JSON of RFC 7591, section 2 and our client. Unknown members are ignored, as it says."""

from __future__ import annotations

from typing import Any

from idp.domain.errors import IdpError
from idp.domain.models import Client
from idp.domain.registration import languages
from idp.domain.registration.grants import check_response_types

_RENAMED = {"client_name": "name", "token_endpoint_auth_method": "auth_method"}
_TEXTS = (
    "client_name",
    "token_endpoint_auth_method",
    "subject_type",
    "sector_identifier_uri",
    "jwks_uri",
    "id_token_signed_response_alg",
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_signed_response_alg",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "introspection_signed_response_alg",
    "introspection_encrypted_response_alg",
    "introspection_encrypted_response_enc",
    "authorization_signed_response_alg",
    "authorization_encrypted_response_alg",
    "authorization_encrypted_response_enc",
    "token_endpoint_auth_signing_alg",
    "request_object_signing_alg",
    "tls_client_auth_subject_dn",
    "tls_client_auth_san_dns",
    "backchannel_logout_uri",
    "frontchannel_logout_uri",
    "backchannel_token_delivery_mode",
    "backchannel_client_notification_endpoint",
    "backchannel_authentication_request_signing_alg",
    "client_uri",
    "logo_uri",
    "policy_uri",
    "tos_uri",
    "software_id",
    "software_version",
)
_LISTS = (
    "redirect_uris",
    "post_logout_redirect_uris",
    "grant_types",
    "request_uris",
    "default_acr_values",
    "contacts",
    "authorization_details_types",
)
_FLAGS = (
    "require_signed_request_object",
    "require_pushed_authorization_requests",
    "dpop_bound_access_tokens",
    "tls_client_certificate_bound_access_tokens",
    "backchannel_logout_session_required",
    "frontchannel_logout_session_required",
)
_DEFAULTS = {  # RFC 7591, section 2; OpenID Connect Dynamic Client Registration 1.0, section 2
    "auth_method": "client_secret_basic",
    "grant_types": ("authorization_code",),
    "id_token_signed_response_alg": "RS256",
}


def read(document: dict[str, Any]) -> Client:
    """A draft without ``client_id``. Raises IdpError for a member of the wrong type."""
    values: dict[str, Any] = dict(_DEFAULTS)
    for name in _TEXTS + _LISTS + _FLAGS:
        if document.get(name) is not None:
            values[_RENAMED.get(name, name)] = _read(name, document[name])
    values["languages"] = {name: _text(name, document[name]) for name in languages.variants(document)}
    if len(values["languages"]) > languages.MOST:
        raise IdpError("invalid_client_metadata", f"more than {languages.MOST} members with a language")
    if (scope := document.get("scope")) is not None:
        values["scope"] = tuple(dict.fromkeys(_text("scope", scope).split()))
    if (jwks := document.get("jwks")) is not None:
        if not isinstance(jwks, dict):
            raise _wrong("jwks")
        values["jwks"] = jwks
    if (age := document.get("default_max_age")) is not None:
        if not isinstance(age, int) or isinstance(age, bool) or age < 0:
            raise _wrong("default_max_age")
        values["default_max_age"] = age
    _check_types(document, values)
    redirect_uris = values.pop("redirect_uris", ())
    return Client(client_id="", name=values.pop("name", "") or "-", redirect_uris=redirect_uris, **values)


def write(client: Client) -> dict[str, Any]:
    """The registered metadata (section 3.2.1), without credentials."""
    document: dict[str, Any] = {"client_id": client.client_id}
    for name in _TEXTS + _LISTS + _FLAGS:
        value = getattr(client, _RENAMED.get(name, name))
        if value not in (None, (), False):
            document[name] = list(value) if isinstance(value, tuple) else value
    document |= client.languages
    document["response_types"] = ["code"] if "authorization_code" in client.grant_types else []
    if client.scope is not None:
        document["scope"] = " ".join(client.scope)
    for name in ("jwks", "default_max_age", "software_statement"):
        if getattr(client, name) is not None:
            document[name] = getattr(client, name)
    return document


def _check_types(document: dict[str, Any], values: dict[str, Any]) -> None:
    if values.get("subject_type", "pairwise") not in ("pairwise", "public"):
        raise _wrong("subject_type")
    if values.get("backchannel_token_delivery_mode", "poll") not in ("poll", "ping"):
        raise _wrong("backchannel_token_delivery_mode")
    default = ["code"] if "authorization_code" in values["grant_types"] else []
    check_response_types(
        _list("response_types", document.get("response_types", default)), values["grant_types"]
    )


def _read(name: str, value: Any) -> Any:
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise _wrong(name)
        return value
    return _list(name, value) if name in _LISTS else _text(name, value)


def _text(name: str, value: Any) -> str:
    longest = 200 if name.startswith("client_name") else 2000
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise _wrong(name)
    return value


def _list(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > 50:
        raise _wrong(name)
    return tuple(dict.fromkeys(_text(name, item) for item in value))


def _wrong(name: str) -> IdpError:
    code = "invalid_redirect_uri" if name == "redirect_uris" else "invalid_client_metadata"
    return IdpError(code, f"{name} has the wrong type or length")
