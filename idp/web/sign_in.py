"""The sign-in page."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Form
from starlette.responses import Response

from idp.domain.errors import PageError
from idp.usecases import sign_in as usecase
from idp.usecases.authorize import find
from idp.usecases.consent import deny
from idp.usecases.sign_in import SignedIn
from idp.web.app_card import app_card
from idp.web.page import FormPage, Page, PageDep, ScriptPage

router = APIRouter()


@router.get("/i/{i}/sign-in")
def show(page: PageDep, i: str) -> Response:
    return _render(page, i)


@router.post("/i/{i}/sign-in")
def with_password(
    page: FormPage, i: str, number: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""
) -> Response:
    digits = "".join(number.split())
    try:
        if not (len(digits) == 12 and digits.isascii() and digits.isdigit()):
            raise PageError("number_invalid", status=422)
        done = usecase.with_password(
            page.services,
            i,
            number=digits,
            password=password[:1024],
            browser=page.browser,
            address=page.address,
            old_token=page.session_token,
            device=page.device,
        )
    except PageError as error:
        if error.code not in ("number_invalid", "login_failed", "too_many_attempts"):
            raise
        return _render(page, i, error=error, number=number[:20])
    response = page.redirect(done.next_url)
    page.sign_in_cookie(response, done.session_token)
    return response


@router.post("/i/{i}/sign-in/passkey/options")
def options(page: ScriptPage, i: str) -> Response:
    return Response(
        usecase.passkey_options(page.services, i, browser=page.browser), media_type="application/json"
    )


@router.post("/i/{i}/sign-in/passkey")
def with_passkey(page: ScriptPage, i: str, credential: Annotated[dict[str, Any], Body()]) -> Response:
    done = usecase.with_passkey(
        page.services,
        i,
        credential,
        browser=page.browser,
        old_token=page.session_token,
        device=page.device,
    )
    return script_signed_in(page, done)


@router.get("/i/{i}/cancel")
def cancel(page: PageDep, i: str) -> Response:
    return page.answer(deny(page.services, i, browser=page.browser))


def script_signed_in(page: Page, done: SignedIn) -> Response:
    """The answer to a script that ran a passkey ceremony."""
    response = page.json({"next": done.next_url})
    page.sign_in_cookie(response, done.session_token)
    return response


def _render(page: Page, i: str, *, error: PageError | None = None, number: str = "") -> Response:
    with page.services.store.read() as tx:
        interaction = find(page.services, tx, i, page.browser)
        request = interaction.request
        client = tx.clients.get(request.client_id) if request else None
    app = app_card(client, request, page.locale) if client and request else None
    number = number or (request.login_hint if request and request.login_hint else "")
    base = f"/i/{i}/sign-in"
    return page.render(
        "sign_in.html",
        error=error,
        leads_to=request.redirect_uri if request else None,
        picture=app.logo if app else None,
        action=base,
        app=app,
        passkey_options_url=f"{base}/passkey/options",
        passkey_verify_url=f"{base}/passkey",
        enrol_url=f"/i/{i}/enrol",
        cancel_url=f"/i/{i}/cancel" if request else None,
        client_name=app.name if app else None,
        number=number,
    )
