"""Citizens as Django's users, for ``login_required``, permissions and the admin site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string


class CitizenUserMiddleware:
    """``request.user`` is the signed-in citizen's user. Stands behind MotChamMiddleware and Django's own.

    The user is made at the first visit, with ``sub`` as its name and no password. The setting
    ``MOTCHAM_USER``, a dotted path to a function of the Citizen, finds or makes another one; None signs
    nobody in. With ``LOGIN_URL = "/motcham/sign-in"`` Django's ``login_required`` leads to Một Chạm.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        hook = getattr(settings, "MOTCHAM_USER", None)
        self._user: Callable[[Any], Any] = import_string(hook) if hook else _own_user
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = self._user(request.citizen) if request.citizen else None
        if user is not None and user.is_active:
            request.user = user
        return self._get_response(request)


def _own_user(citizen: Any) -> Any:
    model = get_user_model()
    user, made = model.objects.get_or_create(**{model.USERNAME_FIELD: citizen.sub})
    if made:
        user.set_unusable_password()
        user.save()
    return user
