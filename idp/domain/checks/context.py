"""What the rules read and fill in while they go down the list."""

from __future__ import annotations

from dataclasses import dataclass, field

from idp.domain.models import Client


@dataclass(slots=True)
class Context:
    """``params`` holds the first value of each parameter; ``repeated_names`` those sent twice."""

    params: dict[str, str]
    repeated_names: frozenset[str]
    client: Client | None
    redirect_uri: str = ""
    scope: tuple[str, ...] = ()
    prompt: tuple[str, ...] = ()
    max_age: int | None = None
    acr_values: tuple[str, ...] = field(default=())
