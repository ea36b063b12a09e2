"""Puts an app into the province's frame with one call."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI
from motcham.fastapi import MotCham
from starlette.responses import PlainTextResponse
from starlette.staticfiles import StaticFiles

from examples.province.errors import install_error_pages
from examples.province.pages import HERE, Pages
from examples.province.safety import Safety


def install_frame(
    app: FastAPI, folder: Path, *, motcham: MotCham, issuer: str, body_limit: int = 64 * 1024
) -> Pages:
    """Give ``app`` static files, error pages, request safety and ``/healthz``; return its pages.

    folder: the app's own package, with ``templates/`` and ``messages/``. issuer: URL of the sign-in provider.
    body_limit: bytes a request may carry.
    """
    parts = urlsplit(issuer)
    pages = Pages(folder, motcham)
    app.state.pages = pages
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_api_route("/healthz", _healthz, response_class=PlainTextResponse, include_in_schema=False)
    install_error_pages(app, pages)
    app.add_middleware(
        Safety, name=folder.name, body_limit=body_limit, sign_in_origin=f"{parts.scheme}://{parts.netloc}"
    )
    return pages


def _healthz() -> str:
    return "ok"
