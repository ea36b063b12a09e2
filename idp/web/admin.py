"""The officers' pages: first sign-in, overview, and the decision on enrolments that wait."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from idp.domain.errors import PageError
from idp.usecases import admin as usecase
from idp.web import display
from idp.web.enrol import reference
from idp.web.page import ADMIN_COOKIE, Page
from idp.web.page_parameters import FormPage, PageDep

router = APIRouter(prefix="/admin")


@router.get("/first-sign-in")
def first(page: PageDep, token: str = "") -> Response:
    usecase.check_link(page.services, token)
    return _first_page(page, token)


def _first_page(page: Page, token: str, error: PageError | None = None) -> Response:
    return page.render("admin_first_sign_in.html", error=error, action="/admin/first-sign-in", token=token)


@router.post("/first-sign-in")
def set_password(
    page: FormPage,
    token: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    password_again: Annotated[str, Form()] = "",
) -> Response:
    try:
        session = usecase.set_password(page.services, token, password=password[:1024], again=password_again)
    except PageError as error:
        if not error.code.startswith("password"):
            raise
        return _first_page(page, token, error)
    return _welcome(page, session)


@router.get("/sign-in")
def sign_in_page(page: PageDep) -> Response:
    return page.render("admin_sign_in.html", action="/admin/sign-in")


@router.post("/sign-in")
def sign_in(page: FormPage, password: Annotated[str, Form()] = "") -> Response:
    try:
        session = usecase.sign_in(page.services, password=password[:1024], address=page.address)
    except PageError as error:
        return page.render("admin_sign_in.html", error=error, action="/admin/sign-in")
    return _welcome(page, session)


@router.get("")
def home(page: PageDep) -> Response:
    if not usecase.is_admin(page.services, page.admin_token):
        return page.redirect("/admin/sign-in")
    seen = usecase.overview(page.services)
    return page.render(
        "admin_home.html",
        counts={
            "accounts": seen.accounts,
            "enrolments_today": seen.enrolments_today,
            "waiting": len(seen.waiting),
        },
        apps=seen.clients,
        reviews=[
            {
                "reference": reference(enrolment),
                "when": display.moment(enrolment.created_at),
                "reasons": [page.message_of(enrolment.code)] if enrolment.code else [],
                "accept_action": f"/admin/reviews/{enrolment.enrolment_id}/accept",
                "reject_action": f"/admin/reviews/{enrolment.enrolment_id}/reject",
            }
            for enrolment in seen.waiting
        ],
        sign_out_action="/admin/sign-out",
    )


@router.post("/reviews/{enrolment_id}/accept")
def accept(page: FormPage, enrolment_id: str, reason: Annotated[str, Form()] = "") -> Response:
    return _review(page, enrolment_id, True, reason)


@router.post("/reviews/{enrolment_id}/reject")
def reject(page: FormPage, enrolment_id: str, reason: Annotated[str, Form()] = "") -> Response:
    return _review(page, enrolment_id, False, reason)


@router.post("/sign-out")
def sign_out(page: FormPage) -> Response:
    if page.admin_token:
        usecase.sign_out(page.services, page.admin_token)
    response = page.redirect("/admin/sign-in")
    page.delete_cookie(response, ADMIN_COOKIE)
    return response


def _review(page: Page, enrolment_id: str, accepted: bool, reason: str) -> Response:
    if not usecase.is_admin(page.services, page.admin_token):
        raise PageError("admin_login_failed", status=401)
    usecase.review(page.services, enrolment_id, accepted=accepted, reason=reason)
    return page.redirect("/admin")


def _welcome(page: Page, session: str) -> Response:
    response = page.redirect("/admin")
    page.set_cookie(response, ADMIN_COOKIE, session, max_age=usecase.SESSION_LIFETIME)
    return response
