"""Sign-in for FastAPI.

app = FastAPI()
motcham = MotCham(app)

@app.get("/me")
def me(citizen: Citizen = Signed()): ...
"""

import os
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from fastapi import Depends, FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from ._client import Provider
from ._config import load_settings
from ._core import Core, Need, Reply, Visit
from ._http import MAX_FORM, answer_error, cookie_options, logout_token, own_path
from ._pages import STYLESHEETS, Html, Lang, sign_in_button, sign_out_button, stylesheet
from .errors import ConfigurationError, MotChamError
from .models import Address, Citizen, Place
from .stores import SessionStore, open_store

__all__ = ["Address", "Citizen", "MaybeSigned", "MotCham", "Place", "Signed"]


class MotCham:
    """Adds sign-in with Một Chạm to ``app``: routes under ``/motcham/`` and the redirects that lead there.

    issuer, client_id, client_secret: the registered app; else ``MOTCHAM_ISSUER``, ``MOTCHAM_CLIENT_ID``,
    ``MOTCHAM_CLIENT_SECRET``. public: a client without secret.
    scope: asked at every sign-in. base_url (``MOTCHAM_BASE_URL``): the app's public address, needed behind
    a proxy that does not forward it. cookie_secret (``MOTCHAM_COOKIE_SECRET``): at least 32 characters;
    derived from the client secret when absent. session_seconds: how long a sign-in lasts in this app.
    sessions (``MOTCHAM_SESSIONS``): where they live: in cookies by default, "memory:", the URL of a database
    such as "sqlite:///sessions.db", or a ``motcham.stores.SessionStore``. An app of several processes needs
    a database, so that a sign-out elsewhere reaches all of them.
    timeout: seconds to wait for the provider. transport: replaces the network towards it, for tests.

    Raises ConfigurationError naming the variable that is missing or wrong. Nothing is fetched until the
    first sign-in.
    """

    def __init__(
        self,
        app: FastAPI,
        *,
        issuer: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        public: bool = False,
        scope: str = "openid profile",
        base_url: str | None = None,
        cookie_secret: str | None = None,
        session_seconds: int = 8 * 3600,
        sessions: str | SessionStore | None = None,
        timeout: float = 5.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        settings = load_settings(
            issuer=issuer,
            client_id=client_id,
            client_secret=client_secret,
            public=public,
            cookie_secret=cookie_secret,
            scope=scope,
            base_url=base_url,
            session_seconds=session_seconds,
        )
        provider = Provider(settings, timeout=timeout, transport=transport)
        store = open_store(sessions or os.environ.get("MOTCHAM_SESSIONS"))
        self._core = Core(settings, provider, store=store)
        self._mount(app)

    def sign_in_url(self, return_to: str = "/") -> str:
        """Path that starts a sign-in and comes back to ``return_to`` (a path of this app)."""
        return self._core.sign_in_url(return_to)

    def button(self, return_to: str = "/", lang: Lang = "vi") -> Html:
        """The sign-in button, safe to put into a template; styled by ``/motcham/button.css``."""
        return sign_in_button(self.sign_in_url(return_to), lang)

    def sign_out_button(self, lang: Lang = "vi") -> Html:
        """A form with one button that signs out here and at the provider."""
        return sign_out_button(f"{self._core.settings.path}/motcham/sign-out", lang)

    def citizen(self, request: Request) -> Citizen | None:
        """Who is signed in, for middleware and templates."""
        session = self._core.session(request.cookies)
        return session.citizen if session else None

    def close(self) -> None:
        """Close the connections to the provider."""
        self._core.provider.close()

    def _mount(self, app: FastAPI) -> None:
        app.state.motcham = self
        routes: dict[str, tuple[str, Callable[..., Response | Awaitable[Response]]]] = {
            "/motcham/sign-in": ("GET", self._sign_in),
            "/motcham/callback": ("GET", self._callback),
            "/motcham/sign-out": ("POST", self._sign_out),
            "/motcham/backchannel-logout": ("POST", self._backchannel_logout),
            **{f"/motcham/{name}": ("GET", _stylesheet_route(name)) for name in STYLESHEETS},
        }
        for path, (method, endpoint) in routes.items():
            app.add_api_route(path, endpoint, methods=[method], include_in_schema=False, response_model=None)
        app.add_exception_handler(MotChamError, self._on_error)

    def _sign_in(self, request: Request, return_to: str = "/") -> Response:
        visit = self._visit(request)
        return self._response(visit, self._core.sign_in(visit, return_to))

    def _callback(self, request: Request) -> Response:
        visit = self._visit(request)
        return self._response(visit, self._core.callback(visit, request.query_params.multi_items()))

    def _sign_out(self, request: Request) -> Response:
        visit = self._visit(request)
        headers = request.headers
        reply = self._core.sign_out(visit, headers.get("origin"), headers.get("sec-fetch-site"))
        return self._response(visit, reply)

    async def _backchannel_logout(self, request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MAX_FORM:
                return Response(status_code=413)
        visit = self._visit(request)
        reply = await run_in_threadpool(self._core.backchannel_logout, logout_token(body), visit.request_id)
        return self._response(visit, reply)

    def _on_error(self, request: Request, error: Exception) -> Response:
        if not isinstance(error, MotChamError):
            raise error
        visit = self._visit(request)
        here = own_path(request.scope["path"], request.url.query)
        reply = answer_error(self._core, error, visit, request.method, request.headers, here)
        return self._response(visit, reply)

    def _visit(self, request: Request) -> Visit:
        base_url = self._core.settings.base_url or str(request.base_url).rstrip("/")
        return Visit(base_url, request.cookies, uuid.uuid4().hex)

    def _response(self, visit: Visit, reply: Reply) -> Response:
        response = Response(reply.body, reply.status, reply.headers)
        for cookie in reply.cookies:
            response.set_cookie(cookie.name, cookie.value, **cookie_options(self._core, visit, cookie))
        return response


class _Guard:
    def __init__(self, need: Need) -> None:
        self._need = need

    def __call__(self, request: Request) -> Citizen:
        return _core(request).require(request.cookies, self._need)


def Signed(*, level: int | None = None, scope: str = "", max_age: int | None = None) -> Any:  # noqa: N802
    """Parameter default of a route for signed-in citizens; others are sent to sign in and come back.

    level: least identity assurance (0..3). scope: space-separated scopes that the citizen must have
    granted, on top of the app's. max_age: seconds since the citizen last proved who they are.
    Requests that ask for JSON get 401 ``application/problem+json`` instead of a redirect.
    """
    return Depends(_Guard(Need(level, tuple(scope.split()), max_age)))


def MaybeSigned() -> Any:  # noqa: N802
    """Parameter default of a route open to all: the citizen when signed in, else None."""
    return Depends(_maybe_signed)


def _maybe_signed(request: Request) -> Citizen | None:
    session = _core(request).session(request.cookies)
    return session.citizen if session else None


def _core(request: Request) -> Core:
    motcham = getattr(request.app.state, "motcham", None)
    if not isinstance(motcham, MotCham):
        raise ConfigurationError("not_mounted", "Signed() needs MotCham(app) on the same app")
    return motcham._core


def _stylesheet_route(name: str) -> Callable[[], Response]:
    def serve() -> Response:
        return Response(stylesheet(name), media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    return serve
