"""The ``webhooks`` of the OpenAPI description: what tenants' servers receive."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import FastAPI, Header
from pydantic import BaseModel, ConfigDict

from ekyc.service import openapi


class Data(BaseModel):
    """The verification; whoever may know more, asks for it."""

    id: str
    verdict: Literal["accept", "review", "reject"] | None = None


class Event(BaseModel):
    """One event."""

    model_config = ConfigDict(json_schema_extra={"example": openapi.WEBHOOK_BODY})
    type: Literal[
        "verification.accepted", "verification.review", "verification.rejected", "verification.expired"
    ]
    timestamp: str
    data: Data


def describe(app: FastAPI) -> None:
    @app.webhooks.post("verification", responses={"2XX": {"description": "taken; else it is sent again"}})
    def verification(
        body: Event,
        webhook_id: Annotated[str, Header(description="the same when a message is sent again")],
        webhook_timestamp: Annotated[int, Header(description="seconds since 1970; refuse old ones")],
        webhook_signature: Annotated[
            str, Header(description="`v1,` and HMAC-SHA256 of id.timestamp.body; several apart by spaces")
        ],
    ) -> None:
        """Signed after Standard Webhooks. Up to 12 attempts over two days; no redirect is followed."""
