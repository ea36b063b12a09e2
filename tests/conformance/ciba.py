"""What a client of the FAPI-CIBA plan does: signs its request, waits or is pinged, binds its tokens."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any
from uuid import UUID

import httpx
import jwt

from idp.adapters.outbound import Outbound
from idp.domain.grant_types import CIBA
from idp.usecases.ciba.notify import ping_next
from tests.conformance.fapi2 import Fapi, Headers, Variant
from tests.flows.ciba import decide
from tests.flows.conftest import ISSUER, Browser, Provider
from tests.flows.receiver import Receiver

SENDER = Outbound(allow_private=True)


class Backchannel(Fapi):
    """One client. ``receiver``: its notification endpoint in ping mode, None in poll mode."""

    def __init__(
        self, provider: Provider, browser: Browser, variant: Variant, receiver: Receiver | None = None
    ) -> None:
        self.provider, self.receiver = provider, receiver
        self.token = secrets.token_urlsafe(24)
        super().__init__(
            provider,
            browser,
            variant,
            redirect_uris=(),
            grant_types=(CIBA, "refresh_token"),
            backchannel_token_delivery_mode="ping" if receiver else "poll",
            backchannel_client_notification_endpoint=receiver.url("/ping") if receiver else None,
            backchannel_authentication_request_signing_alg="ES256",
        )

    def signed(self, *, key: Any = None, alg: str = "ES256", **changes: Any) -> str:
        """The signed request; a claim changed to None is left out."""
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "aud": ISSUER,
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            "jti": secrets.token_urlsafe(8),
        } | self.asked()
        claims = {name: value for name, value in (claims | changes).items() if value is not None}
        return jwt.encode(claims, None if alg == "none" else key or self.key.private, algorithm=alg)

    def asked(self) -> dict[str, Any]:
        """The parameters of a good request."""
        ping = {"client_notification_token": self.token} if self.receiver else {}
        hint = {"login_hint": self.provider.number}
        return {"scope": "openid profile offline_access", "binding_message": "1234"} | hint | ping

    def ask(self, request: str | None = None, **claims: Any) -> httpx.Response:
        return self.send({"request": request or self.signed(**claims)} | self.credentials())

    def send(self, form: dict[str, Any], headers: Headers | None = None) -> httpx.Response:
        return self.http.post("/bc-authorize", data=form, headers=self.tls if headers is None else headers)

    def started(self, **claims: Any) -> str:
        answer = self.ask(**claims)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["expires_in"] > 0
        auth_req_id: str = answer.json()["auth_req_id"]
        return auth_req_id

    def poll(self, auth_req_id: str, headers: Headers | None = None, **changes: Any) -> httpx.Response:
        return self.post({"grant_type": CIBA, "auth_req_id": auth_req_id}, headers, **changes)

    def decided(self, auth_req_id: str, decision: str = "allow") -> None:
        """The citizen's answer; in ping mode the notification after it (CIBA, section 10.2)."""
        decide(self.browser, decision)
        sent = ping_next(self.provider.services, SENDER)
        assert sent == (self.receiver is not None)
        if self.receiver is not None:
            headers, body = self.receiver.bodies[-1]
            assert headers["authorization"] == f"Bearer {self.token}"
            assert json.loads(body) == {"auth_req_id": auth_req_id}

    def completed(self, auth_req_id: str) -> dict[str, Any]:
        """The happy flow from the request on, with the checks that every module makes at its end."""
        self.decided(auth_req_id)
        answer = self.poll(auth_req_id)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        claims = self.claims(body["id_token"])
        assert not {"nonce", "urn:openid:params:jwt:claim:auth_req_id", "c_hash"} & claims.keys()
        resource = self.userinfo(body["access_token"])
        assert resource.json()["sub"] == claims["sub"]
        assert UUID(resource.headers["x-fapi-interaction-id"])
        return body
