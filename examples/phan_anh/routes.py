"""The pages: parse, call one thing, render."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from motcham.fastapi import Citizen, MaybeSigned, Signed
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from examples.phan_anh.communes import COMMUNES, WARDS
from examples.phan_anh.photo import MOST_BYTES, BadPhoto, clean
from examples.phan_anh.photos import Photos
from examples.phan_anh.report import CATEGORIES, VISIBILITIES, blank, check, complete
from examples.phan_anh.reports import STATES, Reports
from examples.province.errors import not_found
from examples.province.pages import Pages
from examples.province.safety import Posted, strings

router = APIRouter(include_in_schema=False)


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def _reports(request: Request) -> Reports:
    reports: Reports = request.app.state.reports
    return reports


def _photos(request: Request) -> Photos:
    photos: Photos = request.app.state.photos
    return photos


PagesOf = Annotated[Pages, Depends(_pages)]
ReportsOf = Annotated[Reports, Depends(_reports)]
PhotosOf = Annotated[Photos, Depends(_photos)]


@router.get("/")
def home(request: Request, pages: PagesOf, reports: ReportsOf) -> Response:
    """The newest public reports and the way to write one."""
    return pages.render(request, "home.html", reports=reports.public())


@router.get("/gui")
def write(request: Request, pages: PagesOf, citizen: Citizen | None = MaybeSigned()) -> Response:
    """The empty form; before sign-in the button that comes back here."""
    if citizen is None:
        return pages.render(request, "sign_in_first.html", sign_in_below=True)
    return _form(request, pages, blank(), {}, secrets.token_urlsafe(16), None)


@router.post("/gui")
def submit(
    request: Request,
    pages: PagesOf,
    reports: ReportsOf,
    photos: PhotosOf,
    form: Posted,
    citizen: Citizen = Signed(),
) -> Response:
    """Check and store a report, then show it; on a mistake the form as it was typed, photo included."""
    typed = strings(form)
    once = typed.get("once", "")[:64] or secrets.token_urlsafe(16)
    values, errors = check(typed)
    photo = photos.mine(citizen.sub, typed.get("kept_photo", ""))
    upload = form.get("photo")
    if isinstance(upload, UploadFile) and upload.filename:
        try:
            photo = photos.keep(citizen.sub, clean(upload.file.read(MOST_BYTES + 1)))
        except BadPhoto as error:
            errors["photo"] = f"write.wrong.{error.code}"
    if errors:
        return _form(request, pages, values, errors, once, photo)
    code = reports.submit(citizen.sub, citizen.name or "", once, complete(values), photo)
    return RedirectResponse(f"/phan-anh/{code}", 303)


@router.get("/phan-anh/{code}")
def report(
    request: Request, pages: PagesOf, reports: ReportsOf, code: str, citizen: Citizen | None = MaybeSigned()
) -> Response:
    """One report and how far it is."""
    found = reports.get(citizen.sub if citizen else None, code)
    if found is None:
        raise not_found()
    return pages.render(request, "report.html", filed=found, states=STATES)


@router.get("/cua-toi")
def mine(
    request: Request, pages: PagesOf, reports: ReportsOf, citizen: Citizen | None = MaybeSigned()
) -> Response:
    """The citizen's own reports."""
    if citizen is None:
        return pages.render(request, "sign_in_first.html", sign_in_below=True)
    return pages.render(request, "mine.html", reports=reports.of(citizen.sub))


@router.get("/anh/{photo}.jpg")
def photo(photos: PhotosOf, photo: str, citizen: Citizen | None = MaybeSigned()) -> Response:
    """A photo that the reader may see."""
    jpeg = photos.jpeg(citizen.sub if citizen else None, photo)
    if jpeg is None:
        raise not_found()
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=3600",
    }
    return Response(jpeg, media_type="image/jpeg", headers=headers)


def _form(
    request: Request,
    pages: Pages,
    values: dict[str, str],
    errors: dict[str, str],
    once: str,
    photo: str | None,
) -> Response:
    categories = pages.choices(request, "category", CATEGORIES)
    return pages.render(
        request,
        "form.html",
        status=422 if errors else 200,
        values=values,
        errors=errors,
        once=once,
        kept_photo=photo,
        wards=WARDS,
        communes=COMMUNES,
        categories=[(value, shown, value) for value, shown in categories],
        visibilities=[
            (value, shown, "") for value, shown in pages.choices(request, "write.visibility_is", VISIBILITIES)
        ],
    )
