"""The citizen's page of what apps ask from elsewhere (CIBA)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from idp.usecases.authorize import open_internal
from idp.usecases.ciba import citizen
from idp.web import display
from idp.web.backchannel_authentication import PAGE
from idp.web.page_parameters import FormPage, PageDep

router = APIRouter()


@router.get(PAGE)
def waiting(page: PageDep) -> Response:
    mine = citizen.my_requests(page.services, page.session_token)
    if mine is None:
        return page.redirect(open_internal(page.services, PAGE, browser=page.browser))
    requests, silenced = mine
    return page.render(
        "requests.html",
        action=PAGE,
        hear_action=f"{PAGE}/hear",
        requests=[
            {
                "id": one.request_id,
                "app": page.name_of(one.client),
                "binding_message": one.binding_message,
                "since": display.moment(one.asked_at),
                "until": display.moment(one.expires_at),
            }
            for one in requests
        ],
        silenced=[(client.client_id, page.name_of(client)) for client in silenced],
    )


@router.post(PAGE)
def answer(
    page: FormPage, request_id: Annotated[str, Form()] = "", decision: Annotated[str, Form()] = ""
) -> Response:
    services, token = page.services, page.session_token
    if decision in ("deny", "silence"):
        citizen.deny(services, request_id, silence=decision == "silence", session_token=token)
        return page.redirect(f"{PAGE}/done?error=access_denied")
    return page.redirect(citizen.look(services, request_id, browser=page.browser, session_token=token))


@router.post(PAGE + "/hear")
def hear(page: FormPage, client_id: Annotated[str, Form()] = "") -> Response:
    citizen.hear(page.services, client_id, session_token=page.session_token)
    return page.redirect(PAGE)


@router.get(PAGE + "/done")
def done(page: PageDep, error: str = "") -> Response:
    outcome = {"": "allowed", "access_denied": "denied"}.get(error, "failed")
    return page.render("request_done.html", outcome=outcome, requests_url=PAGE)
