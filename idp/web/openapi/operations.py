"""Each endpoint: its parameters, where the client proves itself, every answer."""

from __future__ import annotations

from typing import Any

from idp.domain.response import MODES
from idp.web import backchannel_authentication, par, registration
from idp.web.openapi.schemas import NUMBER, SCHEMAS, TEXT, URI, Schema, one_of

_JSON, _FORM, _PAGE = "application/json", "application/x-www-form-urlencoded", "text/html; charset=utf-8"
_CLIENT: list[dict[str, list[str]]] = [{"client_secret_basic": []}, {}]  # the other methods are parameters
_AUTHENTICATION: dict[str, Schema] = {
    "client_id": TEXT,
    "client_secret": TEXT,
    "client_assertion": TEXT,
    "client_assertion_type": TEXT,
}
_REQUEST: dict[str, Schema] = {
    "response_type": one_of(["code"]),
    "redirect_uri": URI,
    "scope": TEXT,
    "state": TEXT,
    "nonce": TEXT,
    "code_challenge": {"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"},
    "code_challenge_method": one_of(["S256"]),
    "response_mode": one_of(list(MODES)),
    "prompt": TEXT,
    "max_age": NUMBER,
    "acr_values": TEXT,
    "ui_locales": TEXT,
    "login_hint": TEXT,
    "id_token_hint": TEXT,
    "claims": TEXT,
    "request": TEXT,
    "request_uri": TEXT,
    "resource": TEXT,
    "authorization_details": TEXT,
    "dpop_jkt": TEXT,
}
_GRANT: dict[str, Schema] = {
    "code": TEXT,
    "redirect_uri": URI,
    "code_verifier": TEXT,
    "refresh_token": TEXT,
    "device_code": TEXT,
    "auth_req_id": TEXT,
    "assertion": TEXT,
    "subject_token": TEXT,
    "subject_token_type": TEXT,
    "actor_token": TEXT,
    "actor_token_type": TEXT,
    "requested_token_type": TEXT,
    "audience": TEXT,
    "resource": TEXT,
    "scope": TEXT,
    "authorization_details": TEXT,
}
_LOGOUT: dict[str, Schema] = {
    "id_token_hint": TEXT,
    "client_id": TEXT,
    "post_logout_redirect_uri": URI,
    "state": TEXT,
}
_DPOP = {"name": "DPoP", "in": "header", "schema": TEXT, "description": "RFC 9449, section 4"}
_EMPTY = {"description": "Done; no body."}


def operations(grants: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """path -> method -> operation."""
    token = {"grant_type": one_of(list(grants))} | _GRANT | _AUTHENTICATION
    one = {"name": "client_id", "in": "path", "required": True, "schema": TEXT}
    information = _answer(_ref("ClientInformation"))
    return {
        "/.well-known/openid-configuration": {
            "get": _operation(
                "discovery", "OpenID Connect Discovery 1.0", {"200": _answer(_ref("ProviderMetadata"))}
            )
        },
        "/jwks": {"get": _operation("jwks", "RFC 7517", {"200": _answer(_ref("Keys")), "304": _EMPTY})},
        "/authorize": {
            "get": _authorization(parameters=_query(_REQUEST | {"client_id": TEXT})),
            "post": _authorization(requestBody=_form(_REQUEST | {"client_id": TEXT})),
        },
        "/token": {"post": _back("token", "RFC 6749, section 3.2", token, "200", "Tokens", dpop=True)},
        par.PATH: {
            "post": _back("par", "RFC 9126", _REQUEST | _AUTHENTICATION, "201", "PushedRequest", dpop=True)
        },
        "/introspect": {"post": _introspection()},
        "/revoke": {"post": _back("revoke", "RFC 7009", _token_parameters(), "200", None)},
        "/device_authorization": {
            "post": _back(
                "device_authorization",
                "RFC 8628",
                _AUTHENTICATION | {"scope": TEXT, "resource": TEXT, "authorization_details": TEXT},
                "200",
                "DeviceAuthorization",
            )
        },
        backchannel_authentication.PATH: {
            "post": _back(
                "backchannel_authentication",
                "CIBA Core 1.0, section 7",
                _AUTHENTICATION | dict.fromkeys(_BACKCHANNEL, TEXT) | {"requested_expiry": NUMBER},
                "200",
                "BackchannelAuthentication",
                refused=("403",),
            )
        },
        "/userinfo": {
            "get": _userinfo("userinfo"),
            "post": _userinfo("userinfo_post", requestBody=_form({"access_token": TEXT}, required=False)),
        },
        registration.PATH: {
            "post": _operation(
                "register",
                "RFC 7591",
                {"201": information, **_refusals("400", "401", "413", "429")},
                requestBody=_body(),
                security=[{"bearer": []}, {}],
            )
        },
        registration.PATH + "/{client_id}": {
            "get": _managed("read_registration", {"200": information}, [one]),
            "put": _managed("replace_registration", {"200": information}, [one], requestBody=_body()),
            "delete": _managed("delete_registration", {"204": _EMPTY}, [one]),
        },
        "/logout": {
            "get": _logout("logout", parameters=_query(_LOGOUT)),
            "post": _logout("logout_post", requestBody=_form(_LOGOUT, required=False)),
        },
    }


_BACKCHANNEL = (
    "scope", "login_hint", "id_token_hint", "login_hint_token", "binding_message", "acr_values", "user_code",
    "client_notification_token", "request", "resource", "authorization_details",
)  # fmt: skip


def _ref(name: str) -> Schema:
    assert name in SCHEMAS
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(schema: Schema) -> dict[str, Any]:
    return {"description": "The answer.", "content": {_JSON: {"schema": schema}}}


def _refusals(*statuses: str, also: dict[str, Any] | None = None) -> dict[str, Any]:
    content = {_JSON: {"schema": _ref("Error")}} | (also or {})
    return {
        status: {"description": "Refused, with a stable code.", "content": content} for status in statuses
    }


def _operation(name: str, clause: str, responses: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"operationId": name, "summary": clause, "responses": responses} | more


def _back(
    name: str,
    clause: str,
    fields: dict[str, Schema],
    status: str,
    schema: str | None,
    *,
    dpop: bool = False,
    refused: tuple[str, ...] = (),
) -> dict[str, Any]:
    """An endpoint where clients prove themselves."""
    done = _answer(_ref(schema)) if schema else _EMPTY
    responses = {status: done} | _refusals("400", "401", *refused, "413", "429")
    parameters = [_DPOP] if dpop else []
    return _operation(
        name, clause, responses, requestBody=_form(fields), parameters=parameters, security=_CLIENT
    )


def _token_parameters() -> dict[str, Schema]:
    return {"token": TEXT, "token_type_hint": TEXT} | _AUTHENTICATION


def _introspection() -> dict[str, Any]:
    found = _back("introspect", "RFC 7662; RFC 9701", _token_parameters(), "200", "Introspection")
    found["responses"]["200"]["content"]["application/token-introspection+jwt"] = {"schema": TEXT}
    return found


def _authorization(**more: Any) -> dict[str, Any]:
    page = {_PAGE: {"schema": TEXT}}
    responses = {
        "200": {"description": "A page that posts the answer to the client.", "content": page},
        "303": {"description": "To a page of the provider, or back to the client."},
        **_refusals("400", "413", also=page),
    }
    name = "authorize" if "parameters" in more else "authorize_post"
    return _operation(name, "OpenID Connect Core, section 3.1.2", responses, **more)


def _userinfo(name: str, **more: Any) -> dict[str, Any]:
    found = _answer(_ref("Userinfo"))
    found["content"]["application/jwt"] = {"schema": TEXT}
    responses = {"200": found, **_refusals("400", "401", "413")}
    return _operation(
        name,
        "OpenID Connect Core, section 5.3",
        responses,
        parameters=[_DPOP],
        security=[{"bearer": []}, {"dpop": []}],
        **more,
    )


def _logout(name: str, **more: Any) -> dict[str, Any]:
    page = {_PAGE: {"schema": TEXT}}
    responses = {
        "200": {"description": "Asks the citizen, or says that it is done.", "content": page},
        "303": {"description": "Done, and back to the client."},
        **_refusals("400", "413", also=page),
    }
    return _operation(name, "RP-Initiated Logout 1.0", responses, **more)


def _managed(name: str, done: dict[str, Any], parameters: list[Any], **more: Any) -> dict[str, Any]:
    responses = done | _refusals("400", "401", "413")
    return _operation(name, "RFC 7592", responses, parameters=parameters, security=[{"bearer": []}], **more)


def _query(fields: dict[str, Schema]) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "schema": schema} for name, schema in fields.items()]


def _form(fields: dict[str, Schema], *, required: bool = True) -> dict[str, Any]:
    schema = {"type": "object", "properties": fields}
    return {"required": required, "content": {_FORM: {"schema": schema}}}


def _body() -> dict[str, Any]:
    return {"required": True, "content": {_JSON: {"schema": _ref("ClientMetadata")}}}
