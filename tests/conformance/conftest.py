"""Our re-implementation of the OpenID Foundation's test plans: one file a plan, one test a module, under the
module's own name. It is not the Foundation's suite."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from tests.conformance.plan_browser import PlanBrowser
from tests.flows.conftest import Browser, Provider, browser, provider

__all__ = ["browser", "provider"]


class Relying:
    """A client of the plan's and the browser it is driven in."""

    def __init__(self, provider: Provider, browser: Browser, **metadata: Any) -> None:
        self.browser = browser
        self.auth = provider.add_client(**({"require_pkce": not isinstance(browser, PlanBrowser)} | metadata))
        self.client_id = self.auth[0]

    def tokens(self, **changes: str | None) -> dict[str, Any]:
        """The happy flow to the token response."""
        code = self.browser.code(client_id=self.client_id, **changes)
        answer = self.browser.exchange(code, auth=self.auth)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def claims(self, id_token: str) -> dict[str, Any]:
        """The ID token's claims, verified with the published keys."""
        keys = jwt.PyJWKSet.from_dict(self.browser.http.get("/jwks").json())
        header = jwt.get_unverified_header(id_token)
        claims: dict[str, Any] = jwt.decode(
            id_token, keys[header["kid"]], algorithms=[header["alg"]], audience=self.client_id
        )
        return claims

    def userinfo(self, access_token: str) -> dict[str, Any]:
        answer = self.browser.http.get("/userinfo", headers={"Authorization": f"Bearer {access_token}"})
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


@pytest.fixture
def relying(provider: Provider, browser: Browser) -> Relying:
    return Relying(provider, browser, post_logout_redirect_uris=("http://app.localhost/after",))


@pytest.fixture
def reachable(provider: Provider) -> None:
    """The citizen has proven an e-mail address and a phone number (tests/flows/test_contact.py: how)."""
    with provider.services.store.begin() as tx:
        account = tx.accounts.by_number(provider.number)
        assert account is not None
        tx.accounts.set_contact(account.account_id, "email", "mai@example.vn")
        tx.accounts.set_contact(account.account_id, "phone", "+84912345678")
