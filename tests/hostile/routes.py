"""Everything that an application answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.routing import Route


def routes(app: Any) -> Iterator[tuple[str, str]]:
    """(method, path), files left out. Routers that were included keep their routes to themselves."""
    for route in [*app.routes, *app.state.pages.load().routes]:
        inner = getattr(route, "original_router", None)
        for found in inner.routes if inner is not None else [route]:
            if isinstance(found, Route):
                for method in sorted((found.methods or set()) - {"HEAD", "OPTIONS"}):
                    yield method, found.path
