"""Runs the hot endpoints' use cases on the event loop, where they cost least, and never blocks it.

What would have to wait (another writer, another server, new keys) is done again in a worker thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State
from starlette.requests import Request

from idp.ports import WouldBlock
from idp.usecases.services import Services

P = ParamSpec("P")
R = TypeVar("R")


def _for_loop(state: State) -> Services:
    """Made once for the services in use, not at every request."""
    if getattr(state, "on_loop", (None,))[0] is not state.services:
        state.on_loop = (state.services, state.services.for_loop())
    loop: Services = state.on_loop[1]
    return loop


async def at_once(
    request: Request, usecase: Callable[Concatenate[Services, P], R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """What ``usecase`` returns."""
    services: Services = request.app.state.services
    if services.signer.stale():
        await run_in_threadpool(services.signer.refresh)
    loop = _for_loop(request.app.state)
    try:
        return await services.immediate.run(lambda: usecase(loop, *args, **kwargs))
    except WouldBlock:
        return await run_in_threadpool(usecase, services, *args, **kwargs)
