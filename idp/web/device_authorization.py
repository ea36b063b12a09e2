"""The endpoint that devices ask at (RFC 8628)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from idp.usecases import device as usecase
from idp.usecases.services import Services
from idp.web.oauth import client_asks


async def device_authorization(request: Request) -> Response:
    """Section 3.1."""
    return await client_asks(request, usecase.start)


def metadata(services: Services) -> dict[str, Any]:
    """RFC 8628, section 4."""
    return {"device_authorization_endpoint": f"{services.issuer}/device_authorization"}


routes = [Route("/device_authorization", device_authorization, methods=["POST"])]
