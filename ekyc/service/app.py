"""Builds the FastAPI application from its parts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from ekyc.errors import EkycError
from ekyc.service.courier import Courier
from ekyc.service.deps import Services, Unauthorized
from ekyc.service.limits import BodyLimit, LoopbackHost
from ekyc.service.problems import install_problem_handlers, problem, unexpected
from ekyc.service.retention import Retention
from ekyc.service.routes import router
from ekyc.service.webhook_routes import router as webhook_router
from ekyc.service.webhooks_described import describe
from ekyc.settings import Settings


def build_service(settings: Settings, services: Services, deliver_next: Callable[[], bool]) -> FastAPI:
    """The service; models start to load when it starts. deliver_next: of the webhooks."""
    runner = services.runner
    retention, courier = Retention(services.verifications.purge), Courier(deliver_next)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        runner.begin()
        retention.begin()
        courier.begin()
        yield
        courier.end()
        retention.end()
        runner.end()

    app = FastAPI(
        title="Một Chạm ID eKYC",
        version="1",
        lifespan=lifespan,
        description="Reads Vietnamese identity cards, judges a live face, decides. Errors are RFC 9457.",
    )
    app.state.services = services
    install_problem_handlers(app)
    app.add_exception_handler(Unauthorized, _unauthorized)
    app.add_middleware(BodyLimit)
    if not settings.api_key:
        app.add_middleware(LoopbackHost)
    app.middleware("http")(_outermost)
    app.include_router(router)
    app.include_router(webhook_router)
    describe(app)
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
