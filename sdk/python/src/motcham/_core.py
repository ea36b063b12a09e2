"""What every adapter does, free of frameworks: a plain ``Visit`` comes in, a plain ``Reply`` goes out."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode, urlsplit

from ._client import Provider
from ._config import Settings
from ._flow import Transaction, begin, code_from, end_session_url, read_callback
from ._pages import PAGE_HEADERS, error_page
from ._sealed import SealedBox, SetCookie
from ._sessions import EndableCookies, Sessions, StoredSessions
from ._tokens import holds_personal_claims
from ._transactions import TransactionCookies
from ._urls import is_loopback, origin_of, safe_return_to
from .errors import (
    AssuranceTooLow,
    CrossSiteRequest,
    MotChamError,
    ProviderError,
    ProviderUnavailable,
    SignInRequired,
    StateMismatch,
)
from .models import Citizen
from .session import CookieSessions, Session
from .stores import SessionStore

_log = logging.getLogger("motcham")


@dataclass(frozen=True, slots=True)
class Visit:
    """One HTTP request of a browser. base_url: address of the app as the browser sees it, no final slash."""

    base_url: str
    cookies: Mapping[str, str]
    request_id: str

    @property
    def secure(self) -> bool:
        """Whether cookies carry Secure: always, but on plain http of the own machine."""
        parts = urlsplit(self.base_url)
        return parts.scheme == "https" or not is_loopback(parts.hostname)


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer; the adapter adds HttpOnly, SameSite=Lax, Path and ``Visit.secure`` to the cookies."""

    status: int
    headers: dict[str, str]
    body: str = ""
    cookies: list[SetCookie] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Need:
    """What a route asks of a citizen. max_age: seconds since they last proved who they are."""

    level: int | None = None
    scope: tuple[str, ...] = ()
    max_age: int | None = None


class Core:
    """Sign-in, callback, sign-out and the check before a route, for one app at one provider."""

    def __init__(
        self,
        settings: Settings,
        provider: Provider,
        clock: Callable[[], float] = time.time,
        store: SessionStore | None = None,
    ) -> None:
        box = SealedBox(settings.cookie_secret, settings.client_id)
        self.settings = settings
        self.provider = provider
        self._sessions: Sessions = (
            StoredSessions(box, settings.cookie_name, store)
            if store
            else EndableCookies(CookieSessions(box, settings.cookie_name), settings.session_seconds)
        )
        self._transactions = TransactionCookies(box, settings.cookie_name)
        self._clock = clock

    def session(self, cookies: Mapping[str, str]) -> Session | None:
        """The valid session of the browser that sent ``cookies``."""
        return self._sessions.load(cookies, self._clock())

    def require(self, cookies: Mapping[str, str], need: Need) -> Citizen:
        """The signed-in citizen; raises SignInRequired with what is missing."""
        session = self.session(cookies)
        missing = "sign_in_required" if session is None else self._shortfall(session, need)
        if session is None or missing:
            raise SignInRequired(missing or "", level=need.level, scope=need.scope, max_age=need.max_age)
        return session.citizen

    def sign_in_url(self, return_to: str) -> str:
        """Path of the sign-in route; an unsafe ``return_to`` becomes "/"."""
        path = f"{self.settings.path}/motcham/sign-in"
        return f"{path}?{urlencode({'return_to': safe_return_to(return_to)})}"

    def sign_in(self, visit: Visit, return_to: str | None, need: Need | None = None) -> Reply:
        """Send the browser to the provider, or show why that is impossible."""
        need = need or Need()
        now = self._clock()
        transaction = begin(
            safe_return_to(return_to), now, level=need.level, scope=need.scope, max_age=need.max_age
        )
        try:
            url = self.provider.authorization_url(self._callback_url(visit), transaction)
        except MotChamError as error:
            return self._page(error, visit, self._retry(transaction))
        return _redirect(url, self._transactions.put(transaction, visit.cookies, now))

    def callback(self, visit: Visit, params: Iterable[tuple[str, str]]) -> Reply:
        """Finish the sign-in that the browser's ``state`` belongs to and go back to where it began."""
        transaction = None
        try:
            answer = read_callback(params)
            transaction = self._transactions.get(answer.get("state"), visit.cookies, self._clock())
            code = code_from(answer, self.provider.metadata())
            session = self.provider.finish(code, self._callback_url(visit), transaction)
            cookies = self._sessions.save(session, visit.cookies, self._clock())
        except MotChamError as error:
            if isinstance(error, StateMismatch) and self.session(visit.cookies):
                return _redirect(self._home())  # back button or double click after a finished sign-in
            return self._failed(error, visit, transaction)
        cookies.append(self._transactions.drop(transaction.state))
        need = Need(transaction.level, transaction.scope, transaction.max_age)
        if missing := self._shortfall(session, need):
            less = AssuranceTooLow(missing, "the provider gave less than the route needs")
            return replace(self._page(less, visit, self._retry(transaction)), cookies=cookies)
        return _redirect(transaction.return_to, cookies)

    def sign_out(self, visit: Visit, origin: str | None, fetch_site: str | None) -> Reply:
        """End the session here, then at the provider. A POST of another site is refused.

        origin, fetch_site: the request's ``Origin`` and ``Sec-Fetch-Site``.
        """
        own = fetch_site == "same-origin" if fetch_site else origin == origin_of(visit.base_url)
        if not own:
            return self._page(CrossSiteRequest("cross_site", "sign-out from elsewhere"), visit, self._home())
        session = self.session(visit.cookies)
        cookies = self._sessions.clear(visit.cookies)
        endpoint = self._end_session_endpoint()
        if session is None or endpoint is None:
            return _redirect(self._home(), cookies)
        # the hint travels in the address: not when it would carry the citizen's data
        hint = session.id_token
        hint = None if hint and holds_personal_claims(hint) else hint
        return _redirect(
            end_session_url(endpoint, self.settings.client_id, hint, visit.base_url + "/"), cookies
        )

    def backchannel_logout(self, token: str, request_id: str) -> Reply:
        """The provider tells that a citizen signed out (Back-Channel Logout 1.0, section 2.5)."""
        headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        try:
            self._sessions.end(self.provider.read_logout_token(token), self._clock())
        except MotChamError as error:
            _log.warning("%s request_id=%s", error, request_id)
            status = 503 if isinstance(error, ProviderUnavailable) else 400  # a 503 is tried again
            body = {"error": "invalid_request", "error_description": error.code}
            return Reply(status, headers, json.dumps(body))
        return Reply(200, headers, "{}")

    def refuse(self, error: MotChamError, visit: Visit, return_to: str) -> Reply:
        """A page for an error raised by a route's check."""
        return self._page(error, visit, self.sign_in_url(return_to))

    def _shortfall(self, session: Session, need: Need) -> str:
        if need.level is not None and session.level < need.level:
            return "level_too_low"
        if not set(need.scope) <= set(session.scope):
            return "scope_missing"
        # a minute on top, as for the ID token, so that clocks need not agree to the second
        if need.max_age is not None and session.authenticated_at + need.max_age + 60 < self._clock():
            return "sign_in_too_old"
        return ""

    def _failed(self, error: MotChamError, visit: Visit, transaction: Transaction | None) -> Reply:
        if transaction is None:
            return self._page(error, visit, self.sign_in_url("/"))
        page = self._page(error, visit, self._retry(transaction))
        return replace(page, cookies=[self._transactions.drop(transaction.state)])

    def _page(self, error: MotChamError, visit: Visit, retry_url: str) -> Reply:
        error.request_id = visit.request_id
        _log.warning("%s request_id=%s", error, visit.request_id)
        headers = {"Content-Type": "text/html; charset=utf-8", **PAGE_HEADERS}
        if error.status == 503:
            headers["Retry-After"] = "30"
        body = error_page(error, retry_url=retry_url, home_url=self._home(), prefix=self.settings.path)
        return Reply(error.status, headers, body)

    def _retry(self, transaction: Transaction) -> str:
        # the route knows what it needs and asks for it again
        asks = transaction.level or transaction.scope or transaction.max_age
        return transaction.return_to if asks else self.sign_in_url(transaction.return_to)

    def _end_session_endpoint(self) -> str | None:
        try:
            return self.provider.metadata().end_session_endpoint
        except ProviderError as error:
            _log.warning("signed out here only: %s", error)
            return None

    def _callback_url(self, visit: Visit) -> str:
        return visit.base_url + "/motcham/callback"

    def _home(self) -> str:
        return self.settings.path + "/"


def _redirect(url: str, cookies: list[SetCookie] | None = None) -> Reply:
    # a header is ASCII; what is encoded already stays as it is
    location = quote(url, safe="%/:?#[]@!$&'()*+,;=~")
    headers = {"Location": location, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Reply(303, headers, cookies=cookies or [])
