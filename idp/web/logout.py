"""RP-initiated logout: the endpoint and its question."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from idp.domain.errors import UntrustedRequest
from idp.usecases.logout import read_logout, sign_out
from idp.web.oauth import form, query, single
from idp.web.page import Page, origin_of
from idp.web.page_parameters import FormPage, PageDep

router = APIRouter()


async def _sent(request: Request) -> dict[str, str]:
    """By GET or by POST (section 2). Raises UntrustedRequest for a parameter that comes twice."""
    params, repeated = single(query(request) if request.method == "GET" else await form(request))
    if repeated:
        raise UntrustedRequest("invalid_request", "repeated: " + ", ".join(sorted(repeated)))
    return params


@router.api_route("/logout", methods=["GET", "POST"])
def ask(page: PageDep, params: Annotated[dict[str, str], Depends(_sent)]) -> Response:
    asked = read_logout(page.services, params, page.session_token)
    if asked.confirmed:
        return leave(page, asked.redirect_to)
    # Without proof of who asks, the citizen is asked (section 2), then stays at the provider.
    return page.render(
        "logout.html",
        action="/logout/answer",
        client_name=page.name_of(asked.client) if asked.client else None,
    )


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
