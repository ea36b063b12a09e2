"""The consent page."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form
from starlette.responses import Response

from idp.domain.consent import claims_beyond_scope
from idp.usecases import consent as usecase
from idp.usecases.authorize import respond as respond_usecase
from idp.usecases.device import spaced
from idp.web import display
from idp.web.app_card import app_card
from idp.web.page_parameters import FormPage, PageDep

router = APIRouter()


@router.get("/i/{i}/consent")
def show(page: PageDep, i: str) -> Response:
    view = usecase.view(page.services, i, browser=page.browser, session_token=page.session_token)
    app = app_card(view.client, view.request, page.locale)
    return page.render(
        "consent.html",
        leads_to=view.request.redirect_uri,
        picture=app.logo,
        action=f"/i/{i}/consent",
        app=app,
        client_name=app.name,
        site=None if view.request.waits else _site(view.request.redirect_uri),
        operator=view.client.operator,
        device_code=spaced(view.request.device) if view.request.device else None,
        waits=view.waits,
        scopes=[{"code": scope} for scope in view.request.scope],
        values=display.by_scope(view.account, page.locale),
        claims=display.by_claim(view.account, page.locale, claims_beyond_scope(view.request)),
        details=usecase.told(page.services, view.request, page.locale),
        missing={channel: channel in page.services.messengers for channel in view.missing},
        contact_url=f"/i/{i}/contact",
        whole_province_apps=[page.name_of(app) for app in view.operator_apps] or None,
    )


@router.get("/i/{i}/respond")
def respond(page: PageDep, i: str) -> Response:
    """The page that carries a form_post answer to the client."""
    return page.answer(
        respond_usecase(page.services, i, browser=page.browser, session_token=page.session_token)
    )


@router.post("/i/{i}/consent")
def decide(
    page: FormPage, i: str, decision: Annotated[str, Form()] = "", whole_province: Annotated[str, Form()] = ""
) -> Response:
    if decision != "allow":
        return page.answer(usecase.deny(page.services, i, browser=page.browser))
    answer = usecase.allow(
        page.services,
        i,
        whole_operator=whole_province == "yes",
        browser=page.browser,
        session_token=page.session_token,
    )
    return page.answer(answer)


def _site(redirect_uri: str) -> str | None:
    """Whose address the answer goes to: a name and a logo are easily borrowed, a host is not (RFC 7591,
    section 5)."""
    parts = urlsplit(redirect_uri)
    return parts.hostname if parts.scheme in ("http", "https") else None
