"""An app that asks backchannel, and the citizen at their own browser."""

from __future__ import annotations

import re
import secrets
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import jwt

from idp.domain.grant_types import CIBA
from idp.usecases.client_assertion import ASSERTION_TYPE
from tests.flows.conftest import ISSUER, Browser, Provider, csrf_of
from tests.flows.keys import ProofKey

HEADER = "X-Client-Cert"


@dataclass
class Asking:
    """The app. ``auth`` of client_secret_basic, else ``key`` signs an assertion for every call."""

    provider: Provider
    client_id: str
    auth: tuple[str, str] | None = None
    key: ProofKey | None = None
    certificate: str | None = None  # of its TLS connections, as the proxy passes it on
    defaults: dict[str, str] = field(default_factory=dict)

    def ask(self, **changes: str | None) -> httpx.Response:
        """A good request with some parameters changed, or left out by None."""
        params = {"scope": "openid profile", "login_hint": self.provider.number} | self.defaults | changes
        return self.post("/bc-authorize", **params)

    def started(self, **changes: str | None) -> dict[str, Any]:
        answer = self.ask(**changes)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def poll(self, auth_req_id: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return self.post("/token", headers, grant_type=CIBA, auth_req_id=auth_req_id)

    def post(self, path: str, headers: dict[str, str] | None = None, **data: str | None) -> httpx.Response:
        if self.key is not None and "client_assertion" not in data:
            data |= {"client_assertion": self.key.assertion(self.client_id)}
        if data.get("client_assertion"):
            data |= {"client_assertion_type": ASSERTION_TYPE}
        elif self.auth is None:
            data |= {"client_id": self.client_id}
        headers = dict(headers or {})
        if self.certificate:
            headers[HEADER] = self.certificate
        if self.auth is not None:
            headers["Authorization"] = "Basic " + b64encode(":".join(self.auth).encode()).decode()
        form = {name: value for name, value in data.items() if value is not None}
        return self.provider.browser().http.post(path, data=form, headers=headers)

    def signed(self, key: ProofKey | None = None, alg: str = "ES256", **changes: Any) -> str:
        """A signed request; a claim changed to None is left out."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.client_id,
            "aud": ISSUER,
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            "jti": secrets.token_urlsafe(8),
            "scope": "openid profile",
            "login_hint": self.provider.number,
            "binding_message": "1234",
        } | self.defaults
        claims = {name: value for name, value in (claims | changes).items() if value is not None}
        signer = key or self.key
        assert signer is not None
        return jwt.encode(claims, signer.private, algorithm=alg)


def asking(provider: Provider, **changes: Any) -> Asking:
    """A newly registered app in poll mode."""
    draft = {
        "name": "Tổng đài 1022",
        "redirect_uris": (),
        "grant_types": (CIBA, "refresh_token"),
        "backchannel_token_delivery_mode": "poll",
    }
    client_id, secret = provider.add_client(**(draft | changes))
    return Asking(provider, client_id, (client_id, secret) if secret else None)


def waiting(browser: Browser) -> httpx.Response:
    """The citizen's page of waiting requests, signed in if need be."""
    page = browser.http.get("/account/requests")
    if page.status_code == 303:
        assert browser.sign_in(page.headers["location"]).headers["location"] == "/account/requests"
        page = browser.http.get("/account/requests")
    return page


def decide(browser: Browser, decision: str = "allow") -> str:
    """Decides the request that came last; ``allow`` goes through the consent page. The page at the end."""
    page = waiting(browser)
    request_id = re.findall(r'name="request_id" value="([0-9a-f]+)"', page.text)[-1]
    form = {"csrf": csrf_of(page), "request_id": request_id}
    through = {"allow": "look", "refuse": "look"}.get(decision, decision)
    target = browser.http.post("/account/requests", data=form | {"decision": through}).headers["location"]
    if target.endswith("/consent"):
        target = browser.submit(target, decision=decision).headers["location"]
    return target


def forget(provider: Provider) -> None:
    """Denies whatever waits for the citizen."""
    services = provider.services
    with services.store.begin() as tx:
        account, now = tx.accounts.by_number(provider.number), services.clock()
        assert account
        for request in tx.backchannel.waiting(account.account_id, now):
            tx.backchannel.decide(request.auth_req_id_hash, now, state="denied", authorization_id=None)


@contextmanager
def later(provider: Provider, seconds: int) -> Iterator[None]:
    """That many seconds on."""
    services = provider.app.state.services
    provider.app.state.services = replace(services, clock=lambda: services.clock() + seconds)
    yield
    provider.app.state.services = services


def error(answer: httpx.Response, status: int = 400) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return str(answer.json()["error"])


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def tokens(app: Asking, browser: Browser, **changes: str) -> dict[str, Any]:
    started = app.started(**changes)
    decide(browser)
    answer = app.poll(started["auth_req_id"])
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body
