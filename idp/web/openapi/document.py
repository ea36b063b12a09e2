"""GET /openapi.json."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from idp.usecases.services import Services
from idp.web.metadata import metadata
from idp.web.oauth import services_of
from idp.web.openapi.operations import operations
from idp.web.openapi.schemas import SCHEMAS
from idp.web.protocol import GRANTS

PATH = "/openapi.json"
_CACHED = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}


def document(services: Services) -> dict[str, Any]:
    offered = metadata(services, tuple(GRANTS))["token_endpoint_auth_methods_supported"]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Một Chạm ID",
            "version": "0.1.0",
            "description": "OpenID Connect provider. Clients prove themselves by: "
            + ", ".join(offered)
            + ".",
        },
        "servers": [{"url": services.issuer}],
        "paths": operations(tuple(GRANTS)),
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "client_secret_basic": {"type": "http", "scheme": "basic"},
                "bearer": {"type": "http", "scheme": "bearer"},
                "dpop": {"type": "http", "scheme": "dpop", "description": "RFC 9449, section 7.1"},
            },
        },
    }


async def serve(request: Request) -> Response:
    return JSONResponse(document(services_of(request)), headers=_CACHED)


routes = [Route(PATH, serve)]
