"""What a page's route gets: services, locale, cookies, CSRF, and the ways to answer."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from idp.domain.errors import IdpError, PageError
from idp.domain.models import Client, Interaction
from idp.domain.registration import languages
from idp.domain.response import Answer
from idp.domain.session_state import browser_state
from idp.usecases.services import Services
from idp.web import i18n, oauth, rendering
from idp.web.device import device_label
from idp.web.middleware import cookie_name

SESSION_COOKIE = "mc_session"
ADMIN_COOKIE = "mc_admin"
LOCALE_COOKIE = "mc_lang"
STATE_COOKIE = "mc_state"  # read by static/session.js in frames on other sites
_CSP = (
    "default-src 'self'; img-src 'self' data: blob:{pictures}; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'{origins}"
)


class Page:
    """One request for a page."""

    def __init__(self, request: Request) -> None:
        self.request = request
        app = request.app.state
        self.services: Services = app.services
        self._csrf_key: bytes = app.csrf_key
        self._province: str = app.settings.province
        self._secure: bool = app.settings.secure_cookies
        self.request_id: str = request.state.request_id
        self.browser: str = request.state.browser
        self.session_token = self._cookie(SESSION_COOKIE)
        self.address = request.client.host if request.client else ""

    @property
    def admin_token(self) -> str | None:
        return self._cookie(ADMIN_COOKIE)

    def _cookie(self, name: str) -> str | None:
        value: str | None = self.request.state.cookies.get(cookie_name(name, self._secure))
        return value

    @cached_property
    def locale(self) -> str:
        """The citizen's own choice, then the client's wish (``ui_locales``), then the browser's."""
        request = self.request
        wishes = [request.query_params.get("lang"), request.state.cookies.get(LOCALE_COOKIE)]
        if not any(wish in i18n.LOCALES for wish in wishes):
            asked = self._interaction.request if self._interaction else None
            wishes.append(" ".join(asked.ui_locales) if asked else None)
        return i18n.negotiate(*wishes, request.headers.get("accept-language"))

    def know(self, interaction: Interaction) -> None:
        """Of a page that has read it already."""
        self.__dict__["_interaction"] = interaction

    @cached_property
    def _interaction(self) -> Interaction | None:
        interaction_id = self.request.path_params.get("i")
        if not interaction_id:
            return None
        with self.services.store.read() as tx:
            return tx.interactions.get(interaction_id)

    @property
    def device(self) -> str:
        """What the citizen will know the browser by."""
        return device_label(self.request.headers.get("user-agent", ""))

    @property
    def csrf(self) -> str:
        """Bound to the browser cookie, so that another site cannot know it."""
        return hmac.new(self._csrf_key, self.browser.encode(), hashlib.sha256).hexdigest()

    def t(self, key: str, **values: object) -> str:
        return i18n.sentence(self.locale, key, **values)

    def t_or(self, key: str, otherwise: str) -> str:
        return self.t(key if i18n.has(self.locale, key) else otherwise)

    def name_of(self, client: Client) -> str:
        return languages.shown(client, "client_name", self.locale) or client.name

    def message(self, error: IdpError) -> str:
        """The sentence of an error: ours, or else the eKYC engine's."""
        return self.message_of(error.code)

    def message_of(self, code: str) -> str:
        if i18n.has(self.locale, f"error.{code}"):
            return self.t(f"error.{code}")
        try:
            return self.services.checker.message(code, self.locale)
        except KeyError:
            return self.t("error.server_error")

    def render(
        self,
        template: str,
        *,
        status: int = 200,
        error: IdpError | None = None,
        leads_to: str | None = None,
        picture: str | None = None,
        **context: Any,
    ) -> HTMLResponse:
        """``leads_to``: the client's address that a form on this page may redirect to (CSP form-action).
        ``picture``: of the client, from a server of its own (img-src)."""
        self.request.state.keep_browser = True
        other = "en" if self.locale == "vi" else "vi"
        body = rendering.render(
            template,
            self.locale,
            t=self.t,
            other_locale_url=self._in_other(other),
            csrf=self.csrf,
            province=self._province,
            request_id=self.request_id,
            error={"code": error.code, "message": self.message(error)} if error else None,
            **context,
        )
        response = HTMLResponse(body, error.status if error and status == 200 else status)
        response.headers["Content-Security-Policy"] = _CSP.format(
            origins=_origin(leads_to), pictures=_origin(picture)
        )
        response.headers["Cache-Control"] = "no-store"
        if error and error.retry_after:
            response.headers["Retry-After"] = str(error.retry_after)
        if self.request.query_params.get("lang") in i18n.LOCALES:
            response.set_cookie(
                LOCALE_COOKIE, self.locale, max_age=31536000, samesite="lax", secure=self._secure
            )
        return response

    def redirect(self, url: str) -> RedirectResponse:
        """303, so that a POST is not repeated at the new address (RFC 9700, section 4.12)."""
        self.request.state.keep_browser = True
        return RedirectResponse(url, 303, headers={"Cache-Control": "no-store"})

    def answer(self, target: str | Answer) -> Response:
        """On to a page of ours, or the answer back to the client in its response mode."""
        if isinstance(target, str):
            return self.redirect(target)
        if target.mode != "form_post":
            return self.redirect(target.url)
        response = self.render(
            "form_post.html", leads_to=target.redirect_uri, action=target.redirect_uri, params=target.params
        )
        # With "same-origin" the browser would send Origin: null, which clients that check it refuse.
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    def _in_other(self, locale: str) -> str:
        """This page's address on this site; a path that begins with two slashes would name another site."""
        params = dict(self.request.query_params) | {"lang": locale}
        return "/" + quote(self.request.scope["path"].lstrip("/")) + "?" + urlencode(params)

    def json(self, content: dict[str, Any], status: int = 200) -> JSONResponse:
        return JSONResponse(content, status, headers={"Cache-Control": "no-store"})

    def set_cookie(self, response: Any, name: str, token: str, *, max_age: int) -> None:
        name = cookie_name(name, self._secure)
        response.set_cookie(name, token, max_age=max_age, httponly=True, samesite="lax", secure=self._secure)

    def delete_cookie(self, response: Any, name: str) -> None:
        name = cookie_name(name, self._secure)
        response.delete_cookie(name, httponly=True, samesite="lax", secure=self._secure)

    def sign_in_cookie(self, response: Any, token: str) -> None:
        lifetime = self.services.lifetimes.session_absolute
        self.set_cookie(response, SESSION_COOKIE, token, max_age=lifetime)
        if self.services.session_management:
            # Secure even on loopback: only then browsers accept SameSite=None.
            name = cookie_name(STATE_COOKIE, self._secure)
            state = browser_state(token)
            response.set_cookie(name, state, max_age=lifetime, samesite="none", secure=True)

    def sign_out_cookies(self, response: Any) -> None:
        self.delete_cookie(response, SESSION_COOKIE)
        response.delete_cookie(cookie_name(STATE_COOKIE, self._secure), samesite="none", secure=True)

    async def form(self) -> dict[str, str]:
        """The fields of a form of ours, CSRF checked; files are left out."""
        if self.request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            sent = dict(oauth.pairs((await self.request.body()).decode("utf-8", "replace")))
        else:
            parts = await self.request.form()
            sent = {name: value for name, value in parts.items() if isinstance(value, str)}
        self.check_csrf(sent.get("csrf", ""))
        refuse_nul(sent.values())
        return sent

    def check_csrf(self, token: str) -> None:
        origin = self.request.headers.get("origin")
        foreign = origin is not None and origin != origin_of(self.services.issuer)
        if foreign or not hmac.compare_digest(token.encode(), self.csrf.encode()):
            raise PageError("csrf_failed", status=403)


def refuse_nul(values: Iterable[object]) -> None:
    """Not every database can store it."""
    if any(isinstance(value, str) and "\0" in value for value in values):
        raise PageError("invalid_request", status=400)


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _origin(url: str | None) -> str:
    if url is None:
        return ""
    parts = urlsplit(url)
    return f" {parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f" {parts.scheme}:"
