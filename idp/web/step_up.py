"""The pages of a step-up: why more proof is needed, and the confirmation of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from idp.usecases import step_up as usecase
from idp.web import display
from idp.web.page_parameters import FormPage, PageDep

router = APIRouter(prefix="/i/{i}/step-up")


@router.get("")
def show(page: PageDep, i: str) -> Response:
    view = usecase.view(page.services, i, browser=page.browser, session_token=page.session_token)
    return page.render(
        "step_up.html",
        client_name=page.name_of(view.client),
        essential=view.essential,
        enrol_url=f"/i/{i}/enrol",
        action=f"/i/{i}/step-up",
        cancel_url=f"/i/{i}/cancel",
    )


@router.post("")
def skip(page: FormPage, i: str, decision: Annotated[str, Form()] = "") -> Response:
    if decision != "skip":
        return page.redirect(f"/i/{i}/step-up")
    return page.redirect(
        usecase.skip(page.services, i, browser=page.browser, session_token=page.session_token)
    )


@router.get("/confirm")
def review(page: PageDep, i: str) -> Response:
    enrolment = usecase.pending(page.services, i, browser=page.browser, session_token=page.session_token)
    if enrolment is None or enrolment.profile is None:
        return page.redirect(f"/i/{i}/enrol")
    return page.render(
        "enrol_review.html",
        fields=display.fields(enrolment.profile, page.locale),
        action=f"/i/{i}/step-up/confirm",
        start_over_action=f"/i/{i}/enrol/start-over",
        portrait=None,
    )


@router.post("/confirm")
def confirm(page: FormPage, i: str) -> Response:
    return page.redirect(
        usecase.confirm(page.services, i, browser=page.browser, session_token=page.session_token)
    )
