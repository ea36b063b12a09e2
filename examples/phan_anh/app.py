"""The app: ``uvicorn examples.phan_anh.app:create_app --factory``."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from motcham.fastapi import MotCham

from examples.phan_anh.photo import MOST_BYTES
from examples.phan_anh.photos import Photos
from examples.phan_anh.reports import Reports
from examples.phan_anh.routes import router
from examples.phan_anh.settings import Settings
from examples.province.frame import install_frame


def create_app(settings: Settings | None = None) -> FastAPI:
    """The whole app on its database; without ``settings`` they come from the environment."""
    settings = settings or Settings.from_environment()
    app = FastAPI(title="Phản ánh hiện trường Thái Nguyên", openapi_url=None)
    motcham = MotCham(app, issuer=settings.issuer)
    app.state.reports = Reports(settings.data)
    app.state.photos = Photos(app.state.reports.engine)
    limit = MOST_BYTES + 256 * 1024  # the photo and the words around it
    install_frame(app, Path(__file__).parent, motcham=motcham, issuer=settings.issuer, body_limit=limit)
    app.include_router(router)
    return app
