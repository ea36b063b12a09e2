"""The app: ``uvicorn examples.dich_vu_cong.app:create_app --factory``."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from motcham.fastapi import MotCham

from examples.dich_vu_cong.dossiers import Dossiers
from examples.dich_vu_cong.routes import router
from examples.dich_vu_cong.settings import Settings
from examples.province.frame import install_frame

SCOPE = "openid profile address vn_personal_number"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The whole app on its database; without ``settings`` they come from the environment."""
    settings = settings or Settings.from_environment()
    app = FastAPI(title="Dịch vụ công Thái Nguyên", openapi_url=None)
    motcham = MotCham(app, issuer=settings.issuer, scope=SCOPE)
    app.state.dossiers = Dossiers(settings.data)
    install_frame(app, Path(__file__).parent, motcham=motcham, issuer=settings.issuer)
    app.include_router(router)
    return app
