"""The middleware: routes under ``/motcham/``, ``request.citizen``, and what a refusal looks like."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from .._client import Provider
from .._config import load_settings
from .._core import Core, Reply, Visit
from .._http import MAX_FORM, answer_error, cookie_options, logout_token, own_path
from .._pages import STYLESHEETS, Html, Lang, sign_in_button, sign_out_button, stylesheet
from ..errors import ConfigurationError, MotChamError
from ..stores import open_store

_PREFIX = "/motcham/"
_DEFAULTS: dict[str, Any] = {
    "issuer": None,
    "client_id": None,
    "client_secret": None,
    "public": False,
    "scope": "openid profile",
    "base_url": None,
    "cookie_secret": None,
    "session_seconds": 8 * 3600,
}


class MotChamMiddleware:
    """``request.citizen``: the Citizen, or None. Raises ConfigurationError at start.

    Reads the setting ``MOTCHAM``, a dict with the arguments of ``motcham.fastapi.MotCham``, and the variables
    ``MOTCHAM_*``. Needs neither Django's sessions nor its CSRF middleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        given = dict(getattr(django_settings, "MOTCHAM", {}))
        store = open_store(given.pop("sessions", None) or os.environ.get("MOTCHAM_SESSIONS"))
        timeout, transport = given.pop("timeout", 5.0), given.pop("transport", None)
        if unknown := sorted(given.keys() - _DEFAULTS):
            raise ConfigurationError("setting_unknown", f"MOTCHAM: {', '.join(unknown)}")
        self._settings = load_settings(**(_DEFAULTS | given))
        provider = Provider(self._settings, timeout=timeout, transport=transport)
        self._core = Core(self._settings, provider, store=store)
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.motcham = Buttons(self._core)
        visit = self._visit(request)
        try:
            if request.path_info.startswith(_PREFIX):
                return self._response(
                    visit, self._own(request, visit, request.path_info.removeprefix(_PREFIX))
                )
            session = self._core.session(request.COOKIES)
        except MotChamError as error:
            return self._response(visit, self._refusal(request, error, visit))
        request.citizen = session.citizen if session else None
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """A view's refusal becomes a sign-in, a page or problem details."""
        if not isinstance(error, MotChamError):
            return None
        visit = self._visit(request)
        return self._response(visit, self._refusal(request, error, visit))

    def _own(self, request: HttpRequest, visit: Visit, name: str) -> Reply:
        match (request.method, name):
            case ("GET", "sign-in"):
                return self._core.sign_in(visit, request.GET.get("return_to") or request.GET.get("next"))
            case ("GET", "callback"):
                pairs = [(key, one) for key, values in request.GET.lists() for one in values]
                return self._core.callback(visit, pairs)
            case ("POST", "sign-out"):
                headers = request.headers
                return self._core.sign_out(visit, headers.get("origin"), headers.get("sec-fetch-site"))
            case ("POST", "backchannel-logout"):
                body = request.read(MAX_FORM + 1)
                if len(body) > MAX_FORM:
                    return Reply(413, {})
                return self._core.backchannel_logout(logout_token(body), visit.request_id)
            case ("GET", sheet) if sheet in STYLESHEETS:
                headers = {"Content-Type": "text/css", "Cache-Control": "max-age=3600"}
                return Reply(200, headers, stylesheet(sheet))
        return Reply(404, {})

    def _refusal(self, request: HttpRequest, error: MotChamError, visit: Visit) -> Reply:
        here = own_path(request.path, request.META.get("QUERY_STRING", ""))
        return answer_error(self._core, error, visit, request.method or "GET", request.headers, here)

    def _visit(self, request: HttpRequest) -> Visit:
        own = f"{request.scheme}://{request.get_host()}{request.META.get('SCRIPT_NAME', '').rstrip('/')}"
        return Visit(self._settings.base_url or own, request.COOKIES, uuid.uuid4().hex)

    def _response(self, visit: Visit, reply: Reply) -> HttpResponse:
        response = HttpResponse(reply.body, status=reply.status, headers=reply.headers)
        for cookie in reply.cookies:
            response.set_cookie(cookie.name, cookie.value, **cookie_options(self._core, visit, cookie))
        return response


class Buttons:
    """``request.motcham`` in templates."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def sign_in_url(self, return_to: str = "/") -> str:
        """Path that starts a sign-in and comes back to ``return_to`` (a path of this app)."""
        return self.core.sign_in_url(return_to)

    def button(self, return_to: str = "/", lang: Lang = "vi") -> Html:
        """The sign-in button, safe in a template; styled by ``/motcham/button.css``."""
        return sign_in_button(self.sign_in_url(return_to), lang)

    def sign_out_button(self, lang: Lang = "vi") -> Html:
        """A form with one button that signs out here and at the provider."""
        return sign_out_button(f"{self.core.settings.path}/motcham/sign-out", lang)


def core_of(request: HttpRequest) -> Core | None:
    buttons = getattr(request, "motcham", None)
    return buttons.core if isinstance(buttons, Buttons) else None
