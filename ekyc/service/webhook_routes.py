"""A tenant's webhooks over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from ekyc.service import openapi
from ekyc.service.deps import Caller, TheServices, at_work
from ekyc.webhooks.address import MAX_URL

router = APIRouter(
    prefix="/v1/webhooks", dependencies=[Depends(at_work)], responses=openapi.problems(), tags=["webhooks"]
)


class EndpointRequest(BaseModel):
    """Where to send."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(max_length=MAX_URL, description="https, public")


@router.post("", status_code=201, responses=openapi.example(openapi.WEBHOOK_MADE, 201))
def create(body: EndpointRequest, the: TheServices, who: Caller) -> dict[str, Any]:
    """Be told of your verifications here. The secret is shown once; five addresses at most."""
    endpoint, secret = the.webhooks.create(who.id, body.url)
    return {**endpoint.to_json(), "secret": secret}


@router.get("", responses=openapi.example({"webhooks": [openapi.WEBHOOK]}))
def listed(the: TheServices, who: Caller) -> dict[str, Any]:
    """Your addresses. ``disabled_at``: it failed for five days, or answered 410."""
    return {"webhooks": [endpoint.to_json() for endpoint in the.webhooks.listed(who.id)]}


@router.delete("/{endpoint_id}", status_code=204)
def delete(endpoint_id: str, the: TheServices, who: Caller) -> None:
    """Send nothing more; what waits is dropped."""
    the.webhooks.delete(who.id, endpoint_id)


@router.post("/{endpoint_id}/secret", responses=openapi.example(openapi.WEBHOOK_SECRET))
def rotate(endpoint_id: str, the: TheServices, who: Caller) -> dict[str, str]:
    """A new secret. For 24 hours messages carry two signatures, of the new and of the old one."""
    secret, until = the.webhooks.rotate(who.id, endpoint_id)
    return {"secret": secret, "old_secret_until": until.isoformat()}


@router.post("/{endpoint_id}/enable", status_code=204)
def enable(endpoint_id: str, the: TheServices, who: Caller) -> None:
    """Send to it again after it was disabled."""
    the.webhooks.enable(who.id, endpoint_id)


@router.get("/{endpoint_id}/messages", responses=openapi.example({"messages": [openapi.WEBHOOK_MESSAGE]}))
def messages(endpoint_id: str, the: TheServices, who: Caller) -> dict[str, Any]:
    """The newest hundred and how they went: ``pending``, ``sending``, ``delivered``, ``dead``."""
    return {"messages": [message.to_json() for message in the.webhooks.log(who.id, endpoint_id)]}


@router.post("/{endpoint_id}/messages/{message_id}", status_code=202)
def send_again(endpoint_id: str, message_id: str, the: TheServices, who: Caller) -> None:
    """Send a delivered or dead message once more, under its old id."""
    the.webhooks.send_again(who.id, endpoint_id, message_id)
