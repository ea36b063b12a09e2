"""The page that asks whose account it shall be."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from idp.usecases import select_account as usecase
from idp.web import display
from idp.web.page_parameters import FormPage, PageDep

router = APIRouter(prefix="/i/{i}/select-account")


@router.get("")
def show(page: PageDep, i: str) -> Response:
    choice = usecase.view(page.services, i, browser=page.browser, session_token=page.session_token)
    if choice is None:
        return page.redirect(f"/i/{i}/respond")
    return page.render(
        "select_account.html",
        client_name=page.name_of(choice.client),
        name=display.masked_name(choice.account.profile.full_name),
        sid=choice.sid,
        action=f"/i/{i}/select-account",
        sign_in_url=f"/i/{i}/sign-in",
        cancel_url=f"/i/{i}/cancel",
    )


@router.post("")
def keep(page: FormPage, i: str, sid: Annotated[str, Form()] = "") -> Response:
    return page.redirect(
        usecase.keep(page.services, i, sid, browser=page.browser, session_token=page.session_token)
    )
