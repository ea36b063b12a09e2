"""CIBA: the endpoint that apps ask at, and the citizen's page of what waits for an answer."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from idp.domain.contact import Channel, Message
from idp.domain.models import Client
from idp.domain.registration import languages
from idp.domain.registration.ciba import MODES
from idp.usecases.authorize import open_internal
from idp.usecases.ciba import citizen
from idp.usecases.ciba import start as usecase
from idp.usecases.client_keys import ALGORITHMS
from idp.usecases.services import Services
from idp.web import display, i18n
from idp.web.oauth import client_asks, services_of
from idp.web.page import FormPage, PageDep

PATH = "/bc-authorize"
PAGE = "/account/requests"
router = APIRouter()


async def backchannel_authentication(request: Request) -> Response:
    """CIBA, section 7."""
    return await client_asks(request, partial(usecase.start, compose=partial(_compose, services_of(request))))


def _compose(services: Services, channel: Channel, to: str, client: Client) -> Message:
    """In Vietnamese: an app that asks does not say in which language its citizen reads."""
    app = languages.shown(client, "client_name", "vi") or client.name
    values = {"app": app, "url": f"{services.issuer}{PAGE}"}
    text = i18n.sentence("vi", f"requests.message_{channel}", **values)
    return Message(channel, to, i18n.sentence("vi", "requests.message_subject", **values), text)


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


def metadata(services: Services) -> dict[str, Any]:
    """CIBA, section 4."""
    return {
        "backchannel_authentication_endpoint": f"{services.issuer}{PATH}",
        "backchannel_token_delivery_modes_supported": list(MODES),
        "backchannel_authentication_request_signing_alg_values_supported": list(ALGORITHMS),
        "backchannel_user_code_parameter_supported": False,
    }


routes = [Route(PATH, backchannel_authentication, methods=["POST"])]
