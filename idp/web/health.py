"""Is the process alive, and can it serve."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

router = APIRouter()


@router.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request) -> Response:
    try:
        with request.app.state.services.store.read() as tx:
            tx.admins.exists()
    except Exception:
        return JSONResponse({"status": "unavailable"}, 503)
    return JSONResponse({"status": "ready"})
