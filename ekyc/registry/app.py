"""The registry over HTTP. Numbers travel in request bodies only; every answer says MOCK."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import Depends, FastAPI, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import SQLAlchemyError

from ekyc.registry.embedded import EmbeddedRegistry, open_registry
from ekyc.registry.matching import FieldName
from ekyc.registry.problems import MOCK_HEADER, RegistryApiError, install_problem_handlers
from ekyc.registry.wire import person_to_json


class NumberRequest(BaseModel):
    """Whose record."""

    model_config = ConfigDict(extra="forbid")
    number: str = Field(max_length=40)


class MatchRequest(NumberRequest):
    """What to compare: field name -> value; dates ISO 8601, "" for no expiry."""

    fields: dict[FieldName, Annotated[str, Field(max_length=200)]] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks and why."""

    caller: str
    purpose: str


def _question(
    registry_caller: Annotated[str, Header()] = "", registry_purpose: Annotated[str, Header()] = ""
) -> Question:
    # percent-encoded where it is not ASCII, as header fields have to be
    question = Question(unquote(registry_caller).strip(), unquote(registry_purpose).strip())
    if not question.caller or not question.purpose:
        raise RegistryApiError("purpose_required")
    return question


def _registry(request: Request) -> EmbeddedRegistry:
    registry: EmbeddedRegistry = request.app.state.registry
    return registry


AskedBy = Annotated[Question, Depends(_question)]
TheRegistry = Annotated[EmbeddedRegistry, Depends(_registry)]


def create_app(data: Path, *, url: str | None = None) -> FastAPI:
    """The application on the registry of the folder ``data``; ``url`` overrides the database."""
    registry = open_registry(data, url=url)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        registry.close()

    app = FastAPI(title="MOCK population registry", version="1", lifespan=lifespan)
    app.state.registry = registry
    install_problem_handlers(app)
    app.middleware("http")(_say_mock)
    _add_people_routes(app)
    _add_health_routes(app)
    return app


async def _say_mock(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    response.headers["X-Mock"] = MOCK_HEADER
    response.headers["Cache-Control"] = "no-store"
    return response


def _add_people_routes(app: FastAPI) -> None:
    @app.post("/v1/people/lookup")
    def lookup(body: NumberRequest, asked: AskedBy, registry: TheRegistry) -> dict[str, Any]:
        person = registry.lookup(body.number, caller=asked.caller, purpose=asked.purpose)
        return {"mock": True, "person": person_to_json(person)}

    @app.post("/v1/people/match")
    def match(body: MatchRequest, asked: AskedBy, registry: TheRegistry) -> dict[str, Any]:
        given = {str(name): value for name, value in body.fields.items()}
        result = registry.match(body.number, given, caller=asked.caller, purpose=asked.purpose)
        return {"mock": True, "fields": {k: "match" if same else "mismatch" for k, same in result.items()}}

    @app.post(
        "/v1/people/portrait", responses={200: {"content": {"image/jpeg": {}}}}, response_class=Response
    )
    def portrait(body: NumberRequest, asked: AskedBy, registry: TheRegistry) -> Response:
        jpeg = registry.portrait(body.number, caller=asked.caller, purpose=asked.purpose)
        if jpeg is None:
            raise RegistryApiError("portrait_unknown")
        return Response(jpeg, media_type="image/jpeg", headers={"X-Content-Type-Options": "nosniff"})

    @app.post("/v1/people/household")
    def household(body: NumberRequest, asked: AskedBy, registry: TheRegistry) -> dict[str, Any]:
        guardian = registry.household(body.number, caller=asked.caller, purpose=asked.purpose)
        if guardian is None:
            return {"mock": True, "guardian": None}
        shown = ("number", "full_name", "date_of_birth", "sex", "life_status")
        document = person_to_json(guardian)
        return {"mock": True, "guardian": {name: document[name] for name in shown}}


def _add_health_routes(app: FastAPI) -> None:
    @app.get("/healthz")
    def healthz() -> dict[str, Any]:
        """The process runs."""
        return {"mock": True, "status": "ok"}

    @app.get("/readyz")
    def readyz(registry: TheRegistry) -> dict[str, Any]:
        """The database answers; ``people`` tells whether it has been seeded."""
        try:
            return {"mock": True, "status": "ready", "people": registry.store.count()}
        except SQLAlchemyError:
            raise RegistryApiError("not_ready") from None
