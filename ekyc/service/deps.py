"""What the routes are given."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ekyc.ports import CardReader, Runner
from ekyc.usecases.verification import Verifications


@dataclass(frozen=True, slots=True)
class Services:
    """Built once by ``build_service``."""

    verifications: Verifications
    reader: CardReader
    runner: Runner
    api_key: str


class Unauthorized(Exception):
    """The API key is missing or wrong."""


def services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


TheServices = Annotated[Services, Depends(services)]

_bearer = HTTPBearer(auto_error=False, description="EKYC_API_KEY, where the operator has set one")


def authorized(
    the: TheServices, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> None:
    """Raises Unauthorized unless no key is set or the right one was sent."""
    if not the.api_key:
        return
    sent = given.credentials if given else ""
    if not hmac.compare_digest(sent.encode(), the.api_key.encode()):
        raise Unauthorized


async def body(request: Request) -> bytes:
    """The raw body, whatever its Content-Type says; ``BodyLimit`` has bounded it."""
    return await request.body()


RawBody = Annotated[bytes, Depends(body)]
