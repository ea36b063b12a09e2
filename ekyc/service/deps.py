"""What the routes are given."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ekyc.errors import EkycError
from ekyc.ports import CardReader, Runner
from ekyc.usecases.idempotency import Idempotency
from ekyc.usecases.tenants import OPERATOR, Tenant, Tenants
from ekyc.usecases.verification import Verifications
from ekyc.usecases.webhooks import Webhooks


@dataclass(frozen=True, slots=True)
class Services:
    """Built once by ``build_service``."""

    verifications: Verifications
    reader: CardReader
    runner: Runner
    tenants: Tenants
    idempotency: Idempotency
    webhooks: Webhooks
    api_key: str


class Unauthorized(Exception):
    """The API key is missing or wrong."""


def services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


_OPERATOR = Tenant(OPERATOR, "operator")
TheServices = Annotated[Services, Depends(services)]

_bearer = HTTPBearer(auto_error=False, description="A tenant's key, or EKYC_API_KEY where it is set")


def caller(
    the: TheServices, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Tenant:
    """Who calls: the operator with EKYC_API_KEY, or without any key where none is set; else a tenant.

    Raises Unauthorized.
    """
    if given is None:
        if the.api_key:
            raise Unauthorized
        return _OPERATOR
    if the.api_key and hmac.compare_digest(given.credentials.encode(), the.api_key.encode()):
        return _OPERATOR
    found = the.tenants.of_key(given.credentials)
    if found is None:
        raise Unauthorized
    return found


Caller = Annotated[Tenant, Depends(caller)]


async def at_work(the: TheServices, who: Caller) -> AsyncIterator[None]:
    """Counts the call among the tenant's running ones. Raises EkycError quota_exceeded."""
    with the.tenants.at_work(who):
        yield


def owned(verification_id: str, the: TheServices, who: Caller) -> str:
    """The id of a verification of the caller's. Raises EkycError verification_not_found."""
    the.verifications.require_owner(verification_id, who.id)
    return verification_id


OwnId = Annotated[str, Depends(owned)]


def operator_only(who: Caller) -> None:
    """Raises EkycError not_allowed."""
    if who.id != OPERATOR:
        raise EkycError("not_allowed")


async def body(request: Request) -> bytes:
    """The raw body, whatever its Content-Type says; ``BodyLimit`` has bounded it."""
    return await request.body()


RawBody = Annotated[bytes, Depends(body)]
