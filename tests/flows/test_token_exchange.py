"""Token exchange with delegation (RFC 8693)."""

from __future__ import annotations

from typing import Any

import httpx
import jwt
import pytest

from idp.usecases.grants.token_exchange import ACCESS_TOKEN, GRANT, MOST_ACTORS
from tests.flows.conftest import Browser, Provider
from tests.flows.keys import ProofKey

FRONT, BACK, DEEP = "https://front.example/", "https://back.example/", "https://deep.example/"
Auth = tuple[str, str | None]


def decoded(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


@pytest.fixture
def api(provider: Provider) -> Auth:
    """The first API: it gets tokens for FRONT and calls BACK."""
    return provider.add_client(
        redirect_uris=(), grant_types=(GRANT, "client_credentials"), resources=(FRONT, BACK)
    )


@pytest.fixture
def token(provider: Provider, browser: Browser) -> str:
    """A citizen's token for the first API, from the app that signed them in."""
    app = provider.add_client(resources=(FRONT,))
    code = browser.code(client_id=app[0], scope="openid profile address")
    body = browser.exchange(code, auth=app, resource=FRONT).json()
    return str(body["access_token"])


def swap(provider: Provider, auth: Auth, token: str, headers: Any = None, **changes: Any) -> httpx.Response:
    data = {
        "grant_type": GRANT,
        "subject_token": token,
        "subject_token_type": ACCESS_TOKEN,
        "resource": BACK,
    }
    form = {name: value for name, value in (data | changes).items() if value is not None}
    return provider.browser().http.post("/token", data=form, auth=auth, headers=headers)  # type: ignore[arg-type]


def test_an_api_acts_for_the_citizen(provider: Provider, api: Auth, token: str) -> None:
    """Sections 2.2.1 and 4.1."""
    answer = swap(provider, api, token)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["issued_token_type"], body["token_type"]) == (ACCESS_TOKEN, "Bearer")
    assert not {"refresh_token", "id_token"} & body.keys()
    claims, before = decoded(body["access_token"]), decoded(token)
    assert (claims["aud"], claims["client_id"]) == (BACK, api[0])
    assert claims["act"] == {"sub": api[0], "client_id": api[0]}
    assert claims["scope"] == "profile address"  # openid was for the app
    assert claims["exp"] <= before["exp"]
    assert claims["sub"] != before["sub"]  # pairwise: two sectors


def test_a_chain_names_everybody(provider: Provider, api: Auth, token: str) -> None:
    """Section 4.1: nested act."""
    next_api = provider.add_client(redirect_uris=(), grant_types=(GRANT,), resources=(BACK, DEEP))
    first = swap(provider, api, token).json()["access_token"]
    second = swap(provider, next_api, first, resource=DEEP).json()["access_token"]
    act = decoded(second)["act"]
    assert act["sub"] == next_api[0]
    assert act["act"]["sub"] == api[0]


def test_a_chain_is_bounded(provider: Provider, api: Auth, token: str) -> None:
    """A token that grew with each exchange would end in a fault."""
    own = provider.add_client(redirect_uris=(), grant_types=(GRANT,), resources=(BACK,))
    token = swap(provider, api, token).json()["access_token"]
    answers = []
    for _ in range(MOST_ACTORS):
        answers.append(swap(provider, own, token))
        token = answers[-1].json().get("access_token", "")
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert (answers[-1].status_code, answers[-1].json()["error"]) == (400, "invalid_request")


def test_scope_may_only_shrink(provider: Provider, api: Auth, token: str) -> None:
    assert swap(provider, api, token, scope="profile").json()["scope"] == "profile"
    for scope in ("openid", "vn_personal_number", "profile extra"):
        assert swap(provider, api, token, scope=scope).json()["error"] == "invalid_scope"


def test_targets(provider: Provider, api: Auth, token: str) -> None:
    """Section 2.1: resource or audience, both repeatable."""
    body = swap(provider, api, token, resource=None, audience=[BACK, FRONT]).json()
    assert decoded(body["access_token"])["aud"] == [BACK, FRONT]
    assert swap(provider, api, token, resource=DEEP).json()["error"] == "invalid_target"
    assert swap(provider, api, token, resource=None).json()["error"] == "invalid_request"


def test_whoever_happens_to_hold_a_token_cannot_exchange_it(
    provider: Provider, api: Auth, token: str
) -> None:
    stranger = provider.add_client(redirect_uris=(), grant_types=(GRANT,), resources=(BACK,))
    assert swap(provider, stranger, token).json()["error"] == "invalid_request"
    public, _ = provider.add_client(auth_method="none", redirect_uris=(), grant_types=(GRANT,))
    http = provider.browser().http
    data = {"grant_type": GRANT, "subject_token": token, "subject_token_type": ACCESS_TOKEN}
    assert http.post("/token", data=data | {"client_id": public}).json()["error"] == "unauthorized_client"
    plain = (provider.client_id, provider.client_secret)
    assert swap(provider, plain, token).json()["error"] == "unauthorized_client"


@pytest.mark.parametrize(
    "changes",
    [
        {"subject_token": "junk"},
        {"subject_token": "mct_unknown"},
        {"subject_token": None},
        {"subject_token_type": None},
        {"subject_token_type": "urn:ietf:params:oauth:token-type:saml2"},
        {"requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"},
        {"actor_token": "junk"},
        {"actor_token": "junk", "actor_token_type": ACCESS_TOKEN},
        {"actor_token_type": ACCESS_TOKEN},
    ],
)
def test_malformed_requests(provider: Provider, api: Auth, token: str, changes: dict[str, Any]) -> None:
    """Section 2.2.2."""
    answer = swap(provider, api, token, **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_an_actor_proves_who_it_is(provider: Provider, browser: Browser, api: Auth, token: str) -> None:
    own = {"grant_type": "client_credentials"}
    mine = browser.http.post("/token", data=own, auth=api).json()["access_token"]  # type: ignore[arg-type]
    body = swap(provider, api, token, actor_token=mine, actor_token_type=ACCESS_TOKEN).json()
    assert decoded(body["access_token"])["act"]["sub"] == api[0]
    foreign = swap(provider, api, token, actor_token=token, actor_token_type=ACCESS_TOKEN)
    assert foreign.json()["error"] == "invalid_request"


def test_it_ends_with_the_citizens_authorization(provider: Provider, browser: Browser, api: Auth) -> None:
    app = provider.add_client(resources=(FRONT,), grant_types=("authorization_code", "refresh_token"))
    code = browser.code(client_id=app[0], scope="openid offline_access")
    first = browser.exchange(code, auth=app, resource=FRONT).json()
    passed_on = swap(provider, api, first["access_token"]).json()["access_token"]

    def active() -> bool:
        answer = browser.http.post("/introspect", data={"token": passed_on}, auth=api)  # type: ignore[arg-type]
        return bool(answer.json()["active"])

    assert active()
    browser.http.post("/revoke", data={"token": first["refresh_token"]}, auth=app)  # type: ignore[arg-type]
    assert not active()
    assert swap(provider, api, first["access_token"]).json()["error"] == "invalid_request"


def test_it_belongs_to_the_client_that_acts(
    provider: Provider, browser: Browser, api: Auth, token: str
) -> None:
    """RFC 7009, section 2.1: revoking it leaves the first token alone."""
    passed_on = swap(provider, api, token).json()["access_token"]
    seen = browser.http.post("/introspect", data={"token": passed_on}, auth=api).json()  # type: ignore[arg-type]
    assert (seen["client_id"], seen["act"]["sub"]) == (api[0], api[0])
    assert browser.http.post("/revoke", data={"token": passed_on}, auth=api).status_code == 200  # type: ignore[arg-type]
    assert swap(provider, api, token).status_code == 200


def test_the_new_token_may_be_bound(provider: Provider, api: Auth, token: str) -> None:
    key = ProofKey()
    body = swap(provider, api, token, headers=key.headers()).json()
    assert body["token_type"] == "DPoP"
    assert decoded(body["access_token"])["cnf"] == {"jkt": key.jkt}
