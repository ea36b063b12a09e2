"""The front page and the citizen's own page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from idp.domain.claims import supported_claims
from idp.domain.consent import claims_of
from idp.domain.contact import CHANNELS
from idp.domain.details.words import tell
from idp.usecases.account import my_account, revoke
from idp.usecases.authorize import open_internal
from idp.usecases.ciba import citizen
from idp.usecases.devices import my_devices, sign_out_device, sign_out_elsewhere
from idp.web import display
from idp.web.logout import leave as sign_out_page
from idp.web.page_parameters import FormPage, PageDep

router = APIRouter()


@router.get("/")
def home(page: PageDep) -> Response:
    mine = my_account(page.services, page.session_token)
    name = mine[0].profile.full_name if mine else ""
    return page.render("home.html", signed_in=mine is not None, name=name, sign_in_url="/account")


@router.get("/account")
def account(page: PageDep) -> Response:
    mine = my_account(page.services, page.session_token)
    if mine is None:
        return page.redirect(open_internal(page.services, "/account", browser=page.browser))
    account, apps = mine
    types = page.services.details_types
    return page.render(
        "account.html",
        name=account.profile.full_name,
        level=account.level,
        waiting=citizen.count(page.services, page.session_token),
        fields=display.fields(account.profile, page.locale),
        contacts=[
            {"channel": channel, "value": value, "offered": channel in page.services.messengers}
            for channel, (_, value) in zip(CHANNELS, display.contacts(account), strict=True)
        ],
        apps=[
            {
                "name": ", ".join(page.name_of(covered) for covered in app.apps) or "-",
                "scopes": _shared(app.grant.scope),
                "details": [
                    tell(detail, types[detail["type"]], page.locale)
                    for detail in app.details
                    if detail["type"] in types
                ],
                "since": display.moment(app.grant.granted_at),
                "client_id": app.grant.client_id or "",
                "operator": app.grant.operator or "",
                "revoke_action": "/account/revoke",
            }
            for app in apps
        ],
        devices=[
            {
                "sid": device.sid,
                "name": device.label or page.t("account.device_unknown"),
                "since": display.moment(device.since),
                "last_seen": display.moment(device.last_seen),
                "current": device.current,
            }
            for device in my_devices(page.services, page.session_token)
        ],
        sign_out_action="/account/sign-out",
    )


_ORDER = (*supported_claims(), "verified_claims")


def _shared(granted: frozenset[str]) -> list[str]:
    """Scopes, then the labels of single claims; what the page names, it can also withdraw."""
    claims = claims_of(granted)
    scopes = sorted(item for item in granted if ":" not in item)
    return scopes + display.claim_labels(name for name in _ORDER if name in claims)


@router.post("/account/revoke")
def withdraw(
    page: FormPage, client_id: Annotated[str, Form()] = "", operator: Annotated[str, Form()] = ""
) -> Response:
    revoke(page.services, page.session_token, client_id=client_id, operator=operator)
    return page.redirect("/account")


@router.post("/account/sign-out")
def leave(page: FormPage) -> Response:
    return sign_out_page(page, "/")


@router.post("/account/devices/sign-out")
def leave_device(page: FormPage, sid: Annotated[str, Form()] = "") -> Response:
    sign_out_device(page.services, page.session_token, sid)
    return page.redirect("/account")


@router.post("/account/sign-out-everywhere")
def leave_everywhere(page: FormPage) -> Response:
    sign_out_elsewhere(page.services, page.session_token)
    return sign_out_page(page, "/")
