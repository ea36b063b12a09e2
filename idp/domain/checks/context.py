"""What the rules read and fill in while they go down the list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from idp.domain.details.types import Types
from idp.domain.models import Client
from idp.domain.response import ResponseMode


@dataclass(slots=True)
class Context:
    """``params`` holds the first value of each parameter; ``repeated_names`` those sent twice.

    ``private``: the parameters came in a body, not in an address. ``hint_claims``: of an id_token_hint
    whose signature is ours. ``pushed``: hash of the request_uri of a pushed request. ``signed``: they came
    in a signed request object. ``subject``: the only ``sub`` that the client accepts. ``details_types``:
    those of ``authorization_details`` that are defined here.
    """

    params: dict[str, str]
    repeated_names: frozenset[str]
    client: Client | None
    private: bool = False
    hint_claims: dict[str, Any] | None = None
    redirect_uri: str = ""
    scope: tuple[str, ...] = ()
    prompt: tuple[str, ...] = ()
    max_age: int | None = None
    acr_values: tuple[str, ...] = field(default=())
    response_mode: ResponseMode = "query"
    login_hint: str | None = None
    pushed: str | None = None
    signed: bool = False
    subject: str | None = None
    resources: tuple[str, ...] = ()
    dpop_jkt: str | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    essential_acr: tuple[str, ...] = ()
    details_types: Types = field(default_factory=dict)
    authorization_details: tuple[dict[str, Any], ...] = ()
