"""A client that an admin let off PKCE (decision 9; RFC 9700, sections 2.1.1 and 4.8.2)."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from idp.cli import main
from idp.domain.errors import IdpError
from idp.usecases.registration.register import initial_access_token
from tests.flows.conftest import ISSUER, REDIRECT, Browser, Provider, query_of
from tests.flows.keys import ProofKey

WITHOUT: dict[str, str | None] = {"code_challenge": None, "code_challenge_method": None}


@pytest.fixture
def waived(provider: Provider) -> tuple[str, str | None]:
    return provider.add_client(require_pkce=False)


def register(provider: Provider, constraints: dict[str, Any], **document: Any) -> httpx.Response:
    token = initial_access_token(provider.services, uses=1, lifetime=60, constraints=constraints)
    headers = {"Authorization": f"Bearer {token}"}
    body = {"redirect_uris": [REDIRECT]} | document
    return provider.browser().http.post("/register", json=body, headers=headers)


def test_the_code_flow_without_a_challenge(browser: Browser, waived: tuple[str, str | None]) -> None:
    code = browser.code(client_id=waived[0], **WITHOUT)
    answer = browser.exchange(code, auth=waived, code_verifier=None)
    assert answer.json()["id_token"]


def test_a_verifier_without_a_challenge_is_refused(browser: Browser, waived: tuple[str, str | None]) -> None:
    """RFC 9700, section 4.8.2: somebody has taken the challenge out of the request."""
    code = browser.code(client_id=waived[0], **WITHOUT)
    answer = browser.exchange(code, auth=waived)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("verifier", [None, "x" * 43])
def test_a_challenge_that_is_sent_counts(
    browser: Browser, waived: tuple[str, str | None], verifier: str | None
) -> None:
    code = browser.code(client_id=waived[0])
    answer = browser.exchange(code, auth=waived, code_verifier=verifier)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    code = browser.code(client_id=waived[0])
    assert browser.exchange(code, auth=waived).json()["id_token"]


@pytest.mark.parametrize(
    "changes",
    [{"code_challenge_method": "plain"}, {"code_challenge_method": None}, {"code_challenge": None}],
)
def test_half_or_plain_pkce_is_refused(
    browser: Browser, waived: tuple[str, str | None], changes: dict[str, str | None]
) -> None:
    location = browser.authorize(client_id=waived[0], **changes).headers["location"]
    assert query_of(location)["error"] == "invalid_request"


def test_everyone_else_needs_it(browser: Browser) -> None:
    assert query_of(browser.authorize(**WITHOUT).headers["location"])["error"] == "invalid_request"


@pytest.mark.parametrize(
    "changes",
    [
        {"auth_method": "none"},
        {"redirect_uris": ("vn.gov.example:/cb",)},
        {"redirect_uris": ("http://127.0.0.1/cb",)},
        {"redirect_uris": (REDIRECT, "http://[::1]:8080/cb")},
    ],
)
def test_never_for_public_and_native_apps(provider: Provider, changes: dict[str, Any]) -> None:
    with pytest.raises(IdpError, match="invalid_client_metadata"):
        provider.add_client(require_pkce=False, **changes)


def test_never_in_fapi2(provider: Provider) -> None:
    with pytest.raises(IdpError, match="fapi2 cannot do without PKCE"):
        provider.add_client(
            require_pkce=False,
            profile="fapi2",
            auth_method="private_key_jwt",
            jwks={"keys": [ProofKey().jwk]},
        )


def test_a_client_cannot_let_itself_off(provider: Provider, browser: Browser) -> None:
    made = register(provider, {}, require_pkce=False).json()
    location = browser.authorize(client_id=made["client_id"], **WITHOUT).headers["location"]
    assert query_of(location)["error"] == "invalid_request"


def test_by_an_initial_access_token_and_kept_by_its_management(provider: Provider, browser: Browser) -> None:
    made = register(provider, {"require_pkce": False}).json()
    headers = {"Authorization": f"Bearer {made['registration_access_token']}"}
    body = {"client_id": made["client_id"], "redirect_uris": [REDIRECT]}
    kept = browser.http.put(f"/register/{made['client_id']}", json=body, headers=headers)
    assert kept.status_code == 200
    assert browser.code(client_id=made["client_id"], **WITHOUT)
    refused = register(provider, {"require_pkce": False}, token_endpoint_auth_method="none")
    assert refused.json()["error"] == "invalid_client_metadata"


def test_by_command(provider: Provider, browser: Browser) -> None:
    where = ["--data", str(provider.app.state.settings.data), "--issuer", ISSUER, "--json", "--no-pkce"]
    app = ["client", "create", "--name", "Cũ", "--redirect-uri", REDIRECT, *where]
    made = json.loads(provider.commands().invoke(main, app).output)
    assert browser.code(client_id=made["client_id"], **WITHOUT)
    token = json.loads(provider.commands().invoke(main, ["client", "token", *where]).output)[
        "initial_access_token"
    ]
    answer = browser.http.post(
        "/register", json={"redirect_uris": [REDIRECT]}, headers={"Authorization": f"Bearer {token}"}
    )
    assert browser.code(client_id=answer.json()["client_id"], **WITHOUT)
