"""The pages: parse, call one thing, render."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from motcham.fastapi import Citizen, MaybeSigned, Signed
from starlette.responses import RedirectResponse, Response

from examples.dich_vu_cong.application import (
    DELIVERIES,
    FEE_PER_COPY,
    GENDERS,
    MOST_COPIES,
    PURPOSES,
    blank,
    check,
    complete,
    from_account,
)
from examples.dich_vu_cong.dossiers import STATES, Dossiers
from examples.dich_vu_cong.procedures import BIRTH_COPY, find, search
from examples.province.errors import not_found
from examples.province.pages import Pages
from examples.province.safety import Posted, strings

router = APIRouter(include_in_schema=False)
FORM = f"/thu-tuc/{BIRTH_COPY.slug}/to-khai"
DELIVERY_ICONS = ("office", "mail", "screen")


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def _dossiers(request: Request) -> Dossiers:
    dossiers: Dossiers = request.app.state.dossiers
    return dossiers


PagesOf = Annotated[Pages, Depends(_pages)]
DossiersOf = Annotated[Dossiers, Depends(_dossiers)]


@router.get("/")
def home(request: Request, pages: PagesOf, q: str = "") -> Response:
    """Search the procedures."""
    wanted = q[:100]
    found = search(pages.text, wanted)
    return pages.render(request, "home.html", found=found, wanted=wanted)


@router.get("/thu-tuc/{slug}")
def procedure(request: Request, pages: PagesOf, slug: str) -> Response:
    """What a procedure is, costs and takes."""
    found = find(slug)
    if found is None:
        raise not_found()
    return pages.render(request, "procedure.html", procedure=found, form_url=FORM, sign_in_below=found.online)


@router.get(FORM)
def form(request: Request, pages: PagesOf, citizen: Citizen | None = MaybeSigned()) -> Response:
    """The form, filled from the account; before sign-in the button that comes back here."""
    if citizen is None:
        return pages.render(request, "sign_in_first.html", sign_in_below=True)
    return _form(request, pages, citizen, blank(from_account(citizen)), {}, secrets.token_urlsafe(16))


@router.post(FORM)
def submit(
    request: Request, pages: PagesOf, dossiers: DossiersOf, form: Posted, citizen: Citizen = Signed()
) -> Response:
    """Check and store an application, then show its dossier; on a mistake the form as it was typed."""
    typed = strings(form)
    once = typed.get("once", "")[:64] or secrets.token_urlsafe(16)
    values, errors = check(typed, from_account(citizen))
    if errors:
        return _form(request, pages, citizen, values, errors, once)
    code = dossiers.submit(citizen.sub, once, complete(values))
    return RedirectResponse(f"/ho-so/{code}", 303)


@router.get("/ho-so")
def mine(
    request: Request, pages: PagesOf, dossiers: DossiersOf, citizen: Citizen | None = MaybeSigned()
) -> Response:
    """The citizen's dossiers."""
    if citizen is None:
        return pages.render(request, "sign_in_first.html", sign_in_below=True)
    return pages.render(request, "mine.html", dossiers=dossiers.of(citizen.sub))


@router.get("/ho-so/{code}")
def dossier(
    request: Request, pages: PagesOf, dossiers: DossiersOf, code: str, citizen: Citizen = Signed()
) -> Response:
    """One dossier and how far it is."""
    found = dossiers.get(citizen.sub, code)
    if found is None:
        raise not_found()
    total = FEE_PER_COPY * found.application.copies
    return pages.render(request, "dossier.html", dossier=found, states=STATES, total=total)


def _form(
    request: Request,
    pages: Pages,
    citizen: Citizen,
    values: dict[str, str],
    errors: dict[str, str],
    once: str,
) -> Response:
    deliveries = pages.choices(request, "apply.delivery_is", DELIVERIES)
    return pages.render(
        request,
        "form.html",
        status=422 if errors else 200,
        given=from_account(citizen),
        values=values,
        errors=errors,
        once=once,
        most=MOST_COPIES,
        genders=pages.choices(request, "apply.gender_is", GENDERS),
        purposes=pages.choices(request, "apply.purpose_is", PURPOSES),
        deliveries=[(*pair, icon) for pair, icon in zip(deliveries, DELIVERY_ICONS, strict=True)],
    )
