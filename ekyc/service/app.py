"""Builds the FastAPI application from its parts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from ekyc.errors import EkycError
from ekyc.ports import CardReader, Runner
from ekyc.service.deps import Services, Unauthorized
from ekyc.service.limits import BodyLimit, LoopbackHost
from ekyc.service.problems import install_problem_handlers, problem, unexpected
from ekyc.service.retention import Retention
from ekyc.service.routes import router
from ekyc.settings import Settings
from ekyc.usecases.idempotency import Idempotency
from ekyc.usecases.tenants import Tenants
from ekyc.usecases.verification import Verifications


def build_service(
    settings: Settings,
    verifications: Verifications,
    reader: CardReader,
    runner: Runner,
    tenants: Tenants,
    idempotency: Idempotency,
) -> FastAPI:
    """The service; models start to load when it starts."""
    retention = Retention(verifications.purge)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        runner.begin()
        retention.begin()
        yield
        retention.end()
        runner.end()

    app = FastAPI(
        title="Một Chạm ID eKYC",
        version="1",
        lifespan=lifespan,
        description="Reads Vietnamese identity cards, judges a live face, decides. Errors are RFC 9457.",
    )
    app.state.services = Services(verifications, reader, runner, tenants, idempotency, settings.api_key)
    install_problem_handlers(app)
    app.add_exception_handler(Unauthorized, _unauthorized)
    app.add_middleware(BodyLimit)
    if not settings.api_key:
        app.add_middleware(LoopbackHost)
    app.middleware("http")(_outermost)
    app.include_router(router)
    _add_health(app)
    return app


def _unauthorized(request: Request, _: Exception) -> JSONResponse:
    return problem(request, EkycError("usage"), 401)


async def _outermost(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    try:
        response = await call_next(request)
    except Exception as error:  # a handler for Exception would let the server log its text
        response = unexpected(request, error)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process runs."""
        return {"status": "ok"}

    @app.get("/readyz", responses={503: {"description": "Models are loading or the database is away."}})
    async def readyz(request: Request) -> JSONResponse:
        """Models are loaded and the database answers."""
        the: Services = request.app.state.services
        if not the.runner.ready:
            return JSONResponse({"status": "loading"}, 503, {"Retry-After": "1"})
        try:
            await run_in_threadpool(the.verifications.ping)
        except Exception:
            return JSONResponse({"status": "database unavailable"}, 503, {"Retry-After": "2"})
        return JSONResponse({"status": "ready"})
