"""Adding an e-mail address or a phone number: from the account page, or on the way to an app."""

from __future__ import annotations

from typing import Annotated, get_args

from fastapi import APIRouter, Depends, Form
from starlette.exceptions import HTTPException
from starlette.responses import Response

from idp.domain.contact import CODE_LIFETIME, Channel, Message
from idp.domain.errors import PageError
from idp.usecases import contact as usecase
from idp.usecases.authorize import find, open_internal
from idp.web import display
from idp.web.page import Page
from idp.web.page_parameters import FormPage, PageDep


class Step:
    """Which address, and where the citizen came from and goes back to."""

    def __init__(self, page: PageDep, channel: str) -> None:
        i: str | None = page.request.path_params.get("i")
        if channel not in get_args(Channel):
            raise HTTPException(404)
        self.channel: Channel = channel  # type: ignore[assignment]  # checked above
        self.back = f"/i/{i}/consent" if i else "/account"
        self.url = f"/i/{i}/contact/{channel}" if i else f"/account/contact/{channel}"
        self.sign_in = f"/i/{i}/respond" if i else None
        if i:
            with page.services.store.read() as tx:
                find(page.services, tx, i, page.browser)


StepDep = Annotated[Step, Depends()]
_steps = APIRouter()


@_steps.get("")
def ask(page: PageDep, step: StepDep) -> Response:
    try:
        usecase.pending(page.services, page.session_token, step.channel)
    except PageError as error:
        return _instead(page, step, error)
    return _ask(page, step)


@_steps.post("")
def send(page: FormPage, step: StepDep, value: Annotated[str, Form()] = "") -> Response:
    return _send(page, step, value)


@_steps.post("/resend")
def resend(page: FormPage, step: StepDep) -> Response:
    return _send(page, step, None)


@_steps.get("/code")
def code(page: PageDep, step: StepDep) -> Response:
    return _code(page, step)


@_steps.post("/code")
def confirm(page: FormPage, step: StepDep, code: Annotated[str, Form()] = "") -> Response:
    try:
        usecase.confirm(page.services, page.session_token, step.channel, code)
    except PageError as error:
        return _code(page, step, error) if error.code == "code_wrong" else _instead(page, step, error)
    return page.redirect(step.back)


@_steps.post("/remove")
def remove(page: FormPage, step: StepDep) -> Response:
    try:
        usecase.remove(page.services, page.session_token, step.channel)
    except PageError as error:
        return _instead(page, step, error)
    return page.redirect(step.back)


router = APIRouter()
router.include_router(_steps, prefix="/account/contact/{channel}")
router.include_router(_steps, prefix="/i/{i}/contact/{channel}")


def _send(page: Page, step: Step, typed: str | None) -> Response:
    def compose(to: str, code: str) -> Message:
        text = page.t(f"contact.message_{step.channel}", code=code, minutes=CODE_LIFETIME // 60)
        return Message(step.channel, to, page.t("contact.message_subject"), text)

    try:
        usecase.send_code(
            page.services, page.session_token, step.channel, typed, address=page.address, compose=compose
        )
    except PageError as error:
        if typed is None and error.status == 429:
            return _code(page, step, error)
        return _instead(page, step, error, typed or "")
    return page.redirect(f"{step.url}/code")


def _instead(page: Page, step: Step, error: PageError, typed: str = "") -> Response:
    """The form again with the reason; sign-in for a visitor."""
    if error.code == "sign_in_first":
        return page.redirect(step.sign_in or open_internal(page.services, "/account", browser=page.browser))
    return _ask(page, step, error, typed)


def _ask(page: Page, step: Step, error: PageError | None = None, typed: str = "") -> Response:
    response = page.render(
        "contact.html",
        error=error,
        channel=step.channel,
        offered=step.channel in page.services.messengers,
        value=typed[:254],
        action=step.url,
        back_url=step.back,
    )
    return _retry_after(response, error)


def _code(page: Page, step: Step, error: PageError | None = None) -> Response:
    try:
        value = usecase.pending(page.services, page.session_token, step.channel)
    except PageError as refused:
        return _instead(page, step, refused)
    if value is None:
        return page.redirect(step.url)
    response = page.render(
        "contact_code.html",
        error=error,
        channel=step.channel,
        value=display.phone(value) if step.channel == "phone" else value,
        minutes=CODE_LIFETIME // 60,
        action=step.url,
        back_url=step.back,
    )
    return _retry_after(response, error)


def _retry_after(response: Response, error: PageError | None) -> Response:
    if error is not None and error.status == 429:
        seconds = usecase.PAUSE if error.code == "code_sent_just_now" else usecase.DAY
        response.headers["Retry-After"] = str(seconds)
    return response
