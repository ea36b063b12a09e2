"""The sign-in page. It runs on the event loop; only the password is compared in a thread."""

from __future__ import annotations

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from idp.domain.errors import PageError
from idp.usecases import sign_in as usecase
from idp.usecases.consent import deny
from idp.usecases.sign_in import SignedIn
from idp.web.app_card import app_card
from idp.web.at_once import at_once
from idp.web.page import Page


async def show(request: Request) -> Response:
    return await _render(Page(request))


async def with_password(request: Request) -> Response:
    page, i = Page(request), request.path_params["i"]
    form = await page.form()
    number = form.get("number", "")
    try:
        done = await _signed_in(page, i, "".join(number.split()), form.get("password", "")[:1024])
    except PageError as error:
        if error.code not in ("number_invalid", "login_failed", "too_many_attempts"):
            raise
        return await _render(page, error=error, number=number[:20])
    response = page.redirect(done.next_url)
    page.sign_in_cookie(response, done.session_token)
    return response


async def _signed_in(page: Page, i: str, number: str, password: str) -> SignedIn:
    if not (len(number) == 12 and number.isascii() and number.isdigit()):
        raise PageError("number_invalid", status=422)
    request, services = page.request, page.services
    made = await at_once(
        request, usecase.attempt, i, number=number, browser=page.browser, address=page.address
    )
    if services.passwords.quick:
        right = services.passwords.verify(password, made.stored)
    else:
        right = await run_in_threadpool(services.passwords.verify, password, made.stored)
    done = await at_once(
        request,
        usecase.with_password,
        made,
        right=right,
        old_token=page.session_token,
        device=page.device,
    )
    if done.abandoned_check:
        await run_in_threadpool(usecase.forget_abandoned, services, done)
    return done


async def passkey_options(request: Request) -> Response:
    page = Page(request)
    page.check_csrf(request.headers.get("x-csrf", ""))
    i = request.path_params["i"]
    options = await run_in_threadpool(usecase.passkey_options, page.services, i, browser=page.browser)
    return Response(options, media_type="application/json")


async def with_passkey(request: Request) -> Response:
    page = Page(request)
    page.check_csrf(request.headers.get("x-csrf", ""))
    done = await run_in_threadpool(
        usecase.with_passkey,
        page.services,
        request.path_params["i"],
        await _credential(request),
        browser=page.browser,
        old_token=page.session_token,
        device=page.device,
    )
    return script_signed_in(page, done)


async def _credential(request: Request) -> dict[str, Any]:
    try:
        sent = json.loads(await request.body())
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise PageError("invalid_request", status=422)
    return sent


async def cancel(request: Request) -> Response:
    page = Page(request)
    answer = await run_in_threadpool(deny, page.services, request.path_params["i"], browser=page.browser)
    return await run_in_threadpool(page.answer, answer)


def script_signed_in(page: Page, done: SignedIn) -> Response:
    """The answer to a script that ran a passkey ceremony."""
    response = page.json({"next": done.next_url})
    page.sign_in_cookie(response, done.session_token)
    return response


async def _render(page: Page, *, error: PageError | None = None, number: str = "") -> Response:
    i = page.request.path_params["i"]
    interaction, client = await at_once(page.request, usecase.view, i, browser=page.browser)
    page.know(interaction)
    request = interaction.request
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


routes = [
    Route("/i/{i}/sign-in", show),
    Route("/i/{i}/sign-in", with_password, methods=["POST"]),
    Route("/i/{i}/sign-in/passkey/options", passkey_options, methods=["POST"]),
    Route("/i/{i}/sign-in/passkey", with_passkey, methods=["POST"]),
    Route("/i/{i}/cancel", cancel),
]
