"""The enrolment pages: card, face, confirmation, sign-in means."""

from __future__ import annotations

import logging
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, File, Form, Header, UploadFile
from starlette.responses import Response

from idp.domain.errors import CheckRefused, IdpError, PageError
from idp.domain.models import Enrolment
from idp.usecases import step_up
from idp.usecases.enrol import confirm as confirm_usecase
from idp.usecases.enrol import credential, face, find, photo, start
from idp.web import display
from idp.web.page import Page
from idp.web.page_parameters import FormPage, PageDep, ScriptPage
from idp.web.sign_in import script_signed_in

router = APIRouter(prefix="/i/{i}/enrol")
log = logging.getLogger("idp.enrol")

MAX_FRAMES = 8  # a request
_PAGES = {"exists": "refused", "done": ""}


def path(i: str, enrolment: Enrolment | None) -> str:
    """The page of the step that is due."""
    if enrolment is None:
        return f"/i/{i}/enrol"
    return f"/i/{i}/enrol/{_PAGES.get(enrolment.state, enrolment.state)}".rstrip("/")


@router.get("")
def begin(page: PageDep, i: str) -> Response:
    enrolment = find.get(page.services, i, browser=page.browser)
    if enrolment and enrolment.state in ("refused", "exists"):
        return page.redirect(path(i, enrolment))
    opened = None
    if enrolment:
        opened = {"resume_url": path(i, enrolment), "start_over_url": f"/i/{i}/enrol/start-over"}
    return page.render("enrol_start.html", action=f"/i/{i}/enrol", open_enrolment=opened)


@router.post("")
def agree(
    page: FormPage,
    i: str,
    agree_document: Annotated[str, Form()] = "",
    agree_face: Annotated[str, Form()] = "",
) -> Response:
    agreed = agree_document == "yes" and agree_face == "yes"
    try:
        begun = start.start(page.services, i, agreed=agreed, browser=page.browser, address=page.address)
        return page.redirect(path(i, begun))
    except (PageError, CheckRefused) as error:
        if error.code not in ("consent_required_document", "too_many_attempts") and error.status != 503:
            raise
        return page.render("enrol_start.html", error=error, action=f"/i/{i}/enrol", open_enrolment=None)


@router.post("/start-over")
def start_over(page: FormPage, i: str) -> Response:
    start.discard(page.services, i, browser=page.browser)
    return page.redirect(path(i, None))


def _due(page: Page, i: str, *states: str) -> tuple[Enrolment | None, Response | None]:
    """The enrolment when this page's step is due, else the way to the right page."""
    enrolment = find.get(page.services, i, browser=page.browser)
    if enrolment is None or enrolment.state not in states:
        return None, page.redirect(path(i, enrolment))
    return enrolment, None


def _photo_page(page: Page, i: str, side: str, error: IdpError | None = None) -> Response:
    return page.render(
        "enrol_photo.html",
        error=error,
        side=side,
        action=f"/i/{i}/enrol/{side}",
        step=1 if side == "front" else 2,
        back_url=f"/i/{i}/enrol",
    )


@router.get("/front")
def front(page: PageDep, i: str) -> Response:
    return _due(page, i, "front")[1] or _photo_page(page, i, "front")


@router.get("/back")
def back(page: PageDep, i: str) -> Response:
    return _due(page, i, "back")[1] or _photo_page(page, i, "back")


@router.post("/front")
def send_front(page: FormPage, i: str, photo: Annotated[UploadFile | None, File()] = None) -> Response:
    return _send_photo(page, i, "front", photo)


@router.post("/back")
def send_back(page: FormPage, i: str, photo: Annotated[UploadFile | None, File()] = None) -> Response:
    return _send_photo(page, i, "back", photo)


def _send_photo(page: Page, i: str, side: Literal["front", "back"], upload: UploadFile | None) -> Response:
    image = upload.file.read() if upload else b""
    try:
        enrolment = photo.add_photo(page.services, i, side, image, browser=page.browser)
    except (PageError, CheckRefused) as error:
        if error.code in ("interaction_expired", "interaction_foreign"):
            raise
        enrolment_now, elsewhere = _due(page, i, side)
        if error.code in ("step_out_of_order", "enrolment_expired"):
            return elsewhere or page.redirect(path(i, enrolment_now))
        now = side if elsewhere is None else "front"  # two cards that differ: both photos again
        return _photo_page(page, i, now, error)
    return page.redirect(path(i, enrolment))


@router.get("/face")
def show_face(page: PageDep, i: str) -> Response:
    enrolment, elsewhere = _due(page, i, "face")
    if elsewhere or enrolment is None:
        return elsewhere or page.redirect(path(i, None))
    return page.render(
        "enrol_face.html",
        challenge=[_action(page, name) for name in enrolment.challenge],
        frames_url=f"/i/{i}/enrol/face/frames",
        next_url=f"/i/{i}/enrol/face",
        step=3,
    )


def _action(page: Page, name: str) -> dict[str, str]:
    """Words for an action and for the way back from it; general ones where the engine asks something new."""
    return {
        "name": name,
        "words": page.t_or(f"enrol_face.{name}", "enrol_face.other"),
        "back": page.t_or(f"enrol_face.{name}_back", "enrol_face.return"),
    }


@router.post("/face/frames")
def frames(
    page: ScriptPage,
    i: str,
    frames: Annotated[list[UploadFile], File()],
    at: Annotated[list[int], Form()],
    idempotency_key: Annotated[str, Header(pattern="^[A-Za-z0-9_-]{0,64}$")] = "",
) -> Response:
    if len(frames) != len(at) or len(frames) > MAX_FRAMES:
        raise PageError("invalid_request", status=422)
    batch = [(moment, upload.file.read()) for moment, upload in zip(at, frames, strict=True)]
    here = f"/i/{i}/enrol/face"
    try:
        progress = face.add_frames(page.services, i, batch, browser=page.browser, key=idempotency_key)
    except CheckRefused as refusal:
        if refusal.code == "busy":
            raise  # the script sends the same frames again
        log.info("face step refused: %s %s", refusal.code, page.request_id)
        retry = f"/i/{i}/enrol/decide" if refusal.status == 503 else here
        failed = {"state": "failed", "phase": "act", "step": 0, "action": None, "hint": refusal.code}
        return page.json(failed | {"message": page.message(refusal), "next": retry})
    enrolment = find.get(page.services, i, browser=page.browser)
    over = progress.state != "continue"
    return page.json(
        {
            "state": progress.state,
            "phase": progress.phase,
            "step": progress.step,
            "action": progress.action,
            "hint": progress.code,
            "message": page.message_of(progress.code)
            if progress.state == "failed" and progress.code
            else None,
            "next": path(i, enrolment) if over else None,
        }
    )


@router.get("/decide")
def decide(page: PageDep, i: str) -> Response:
    """Asks again after the registry was out of reach; harmless to repeat."""
    enrolment, elsewhere = _due(page, i, "face")
    if elsewhere or enrolment is None:
        return elsewhere or page.redirect(path(i, None))
    return page.redirect(path(i, face.decide_again(page.services, i, browser=page.browser)))


@router.get("/review")
def review(page: PageDep, i: str) -> Response:
    enrolment, elsewhere = _due(page, i, "review")
    if elsewhere or enrolment is None or enrolment.profile is None:
        return elsewhere or page.redirect(path(i, None))
    return page.render(
        "enrol_review.html",
        fields=display.fields(enrolment.profile, page.locale),
        action=f"/i/{i}/enrol/review",
        start_over_action=f"/i/{i}/enrol/start-over",
        portrait=None,
    )


@router.post("/review")
def confirm(page: FormPage, i: str) -> Response:
    return _step(page, i, confirm_usecase.confirm)


@router.post("/recover")
def recover(page: FormPage, i: str) -> Response:
    return _step(page, i, confirm_usecase.recover)


def _step(page: Page, i: str, verb: Any) -> Response:
    try:
        return page.redirect(path(i, verb(page.services, i, browser=page.browser)))
    except PageError as error:
        if error.code != "step_out_of_order":
            raise
        return page.redirect(path(i, find.get(page.services, i, browser=page.browser)))


@router.get("/credential")
def show_credential(page: PageDep, i: str) -> Response:
    return _due(page, i, "credential")[1] or _credential_page(page, i)


def _credential_page(page: Page, i: str, error: PageError | None = None) -> Response:
    enrolment, elsewhere = _due(page, i, "credential")
    if elsewhere or enrolment is None:
        return elsewhere or page.redirect(path(i, None))
    with page.services.store.read() as tx:
        interaction = tx.interactions.get(i)
    base = f"/i/{i}/enrol/credential"
    return page.render(
        "enrol_credential.html",
        error=error,
        leads_to=interaction.request.redirect_uri if interaction and interaction.request else None,
        action=base,
        passkey_options_url=f"{base}/passkey/options",
        passkey_verify_url=f"{base}/passkey",
        recovering=enrolment.account_id is not None,
    )


@router.post("/credential")
def save_password(
    page: FormPage, i: str, password: Annotated[str, Form()] = "", password_again: Annotated[str, Form()] = ""
) -> Response:
    try:
        done = credential.with_password(
            page.services,
            i,
            password=password[:1024],
            again=password_again[:1024],
            browser=page.browser,
            old_token=page.session_token,
            device=page.device,
        )
    except PageError as error:
        if error.code.startswith("password"):
            return _credential_page(page, i, error)
        if error.code in ("account_exists", "step_out_of_order"):
            return page.redirect(path(i, find.get(page.services, i, browser=page.browser)))
        raise
    response = page.redirect(done.next_url)
    page.sign_in_cookie(response, done.session_token)
    return response


@router.post("/credential/passkey/options")
def passkey_options(page: ScriptPage, i: str) -> Response:
    options = credential.passkey_options(page.services, i, browser=page.browser)
    return Response(options, media_type="application/json")


@router.post("/credential/passkey")
def save_passkey(page: ScriptPage, i: str, created: Annotated[dict[str, Any], Body()]) -> Response:
    try:
        done = credential.with_passkey(
            page.services,
            i,
            created,
            browser=page.browser,
            old_token=page.session_token,
            device=page.device,
        )
    except PageError as error:
        if error.code != "account_exists":
            raise
        return page.json({"next": f"/i/{i}/enrol/refused"})
    return script_signed_in(page, done)


@router.get("/refused")
def refused(page: PageDep, i: str) -> Response:
    enrolment, elsewhere = _due(page, i, "refused", "exists")
    if elsewhere or enrolment is None:
        return elsewhere or page.redirect(path(i, None))
    if step_up.pending(page.services, i, browser=page.browser, session_token=page.session_token):
        return page.redirect(f"/i/{i}/step-up/confirm")
    exists = enrolment.state == "exists"
    code = enrolment.code or "server_error"
    return page.render(
        "enrol_refused.html",
        code=code,
        message=page.message_of(code),
        retry_url=None if exists else f"/i/{i}/enrol/start-over",
        sign_in_url=f"/i/{i}/sign-in" if exists else None,
        recover_action=f"/i/{i}/enrol/recover" if exists else None,
    )


@router.get("/waiting")
def waiting(page: PageDep, i: str) -> Response:
    enrolment, elsewhere = _due(page, i, "waiting")
    if elsewhere or enrolment is None:
        return elsewhere or page.redirect(path(i, None))
    return page.render("enrol_waiting.html", reference=reference(enrolment))


def reference(enrolment: Enrolment) -> str:
    """What the citizen tells an officer; it opens nothing by itself."""
    return enrolment.enrolment_id[:8].upper()
