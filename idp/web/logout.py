"""RP-initiated logout: the endpoint and its question."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from idp.usecases.logout import read_logout, sign_out
from idp.web.page import FormPage, Page, PageDep, origin_of

router = APIRouter()


@router.get("/logout")
def ask(page: PageDep, request: Request) -> Response:
    return _begin(page, dict(request.query_params))


@router.post("/logout")
def ask_by_form(
    page: PageDep,
    id_token_hint: Annotated[str, Form()] = "",
    client_id: Annotated[str, Form()] = "",
    post_logout_redirect_uri: Annotated[str, Form()] = "",
    state: Annotated[str | None, Form()] = None,
) -> Response:
    params = {
        "id_token_hint": id_token_hint,
        "client_id": client_id,
        "post_logout_redirect_uri": post_logout_redirect_uri,
    }
    return _begin(page, params | ({"state": state} if state is not None else {}))


@router.post("/logout/answer")
def answer(
    page: FormPage,
    decision: Annotated[str, Form()] = "",
    client_id: Annotated[str, Form()] = "",
    post_logout_redirect_uri: Annotated[str, Form()] = "",
) -> Response:
    params = {"client_id": client_id, "post_logout_redirect_uri": post_logout_redirect_uri}
    if decision != "sign_out":
        return page.redirect("/account")
    return leave(page, read_logout(page.services, params, page.session_token).redirect_to)


def _begin(page: Page, params: dict[str, str]) -> Response:
    asked = read_logout(page.services, params, page.session_token)
    if asked.confirmed:
        return leave(page, asked.redirect_to)
    # Without proof of who asks, the citizen is asked (section 2), then stays at the provider.
    return page.render("logout.html", action="/logout/answer", client_name=asked.client_name)


def leave(page: Page, target: str | None) -> Response:
    """Signs out here and, in iframes, at the apps that asked for it; then on to ``target``."""
    iframes = sign_out(page.services, page.session_token, page.browser)
    if target and not iframes:
        response: Response = page.redirect(target)
    else:
        response = page.render("signed_out.html", iframes=iframes, target=target)
        origins = " ".join(sorted({origin_of(url) for url in iframes}))
        if origins:
            response.headers["Content-Security-Policy"] += f"; frame-src {origins}"
    if page.session_token:  # a cross-site POST carries no cookie, and must not delete one
        page.sign_out_cookies(response)
    return response
