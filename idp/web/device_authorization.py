"""Devices: the endpoint they ask at, and the page a citizen types the code on (RFC 8628)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from idp.domain.errors import PageError
from idp.usecases import device as usecase
from idp.usecases.services import Services
from idp.web.oauth import client_asks
from idp.web.page import FormPage, PageDep

router = APIRouter()


async def device_authorization(request: Request) -> Response:
    """Section 3.1."""
    return await client_asks(request, usecase.start)


@router.get("/device")
def ask(page: PageDep, user_code: str = "") -> Response:
    """A code in the address only fills the form: the citizen compares it first (section 3.3.1)."""
    return page.render("device.html", action="/device", user_code=user_code[:20])


@router.post("/device")
def enter(page: FormPage, user_code: Annotated[str, Form()] = "") -> Response:
    try:
        target = usecase.enter(
            page.services,
            user_code,
            browser=page.browser,
            address=page.address,
            session_token=page.session_token,
        )
    except PageError as error:
        return page.render("device.html", error=error, action="/device", user_code=user_code[:20])
    return page.redirect(target)


@router.get("/device/done")
def done(page: PageDep, error: str = "") -> Response:
    return page.render("device_done.html", denied=bool(error))


def metadata(services: Services) -> dict[str, Any]:
    """RFC 8628, section 4."""
    return {"device_authorization_endpoint": f"{services.issuer}/device_authorization"}


routes = [Route("/device_authorization", device_authorization, methods=["POST"])]
