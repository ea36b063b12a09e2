"""Sign-in for Django.

MIDDLEWARE += ["motcham.django.MotChamMiddleware"]

@signed(level=2)
def me(request): ... request.citizen ...
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from .._core import Need
from ..errors import ConfigurationError
from ..models import Address, Citizen, Place
from .middleware import MotChamMiddleware, core_of

__all__ = ["Address", "Citizen", "MotChamMiddleware", "Place", "signed"]

View = Callable[..., HttpResponseBase]


def signed(
    *, level: int | None = None, scope: str = "", max_age: int | None = None
) -> Callable[[View], View]:
    """A view for signed-in citizens, who are ``request.citizen``; others are sent to sign in and come back.

    level: least identity assurance (0..3). scope: space-separated scopes that the citizen must have
    granted, on top of the app's. max_age: seconds since the citizen last proved who they are.
    Requests that ask for JSON get 401 ``application/problem+json`` instead of a redirect.
    """
    need = Need(level, tuple(scope.split()), max_age)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            core = core_of(request)
            if core is None:
                raise ConfigurationError("not_mounted", "signed() needs MotChamMiddleware in MIDDLEWARE")
            request.citizen = core.require(request.COOKIES, need)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
