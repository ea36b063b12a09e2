"""The page that a citizen types a device's code on (RFC 8628)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from idp.domain.errors import PageError
from idp.usecases import device as usecase
from idp.web.page_parameters import FormPage, PageDep

router = APIRouter()


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
