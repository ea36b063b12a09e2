"""Any mixture of parameters at the back-channel endpoints is answered, never with a fault."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from idp.domain.grant_types import GRANT_TYPES
from idp.usecases.client_assertion import ASSERTION_TYPE
from tests.flows.conftest import Provider
from tests.flows.keys import ProofKey

KEY = ProofKey()
TEXT = st.text(max_size=40) | st.sampled_from(
    ["mcc_x", "mcr_x", "mct_x", "a.b.c", "openid", "https://x.example/"]
)
NAMES = (
    "code", "redirect_uri", "code_verifier", "refresh_token", "scope", "resource", "audience", "device_code",
    "subject_token", "subject_token_type", "actor_token", "actor_token_type", "assertion", "client_secret",
    "client_assertion", "token", "token_type_hint", "requested_token_type", "client_id",
)  # fmt: skip
PARAMS = st.lists(
    st.tuples(st.sampled_from(NAMES), TEXT)
    | st.tuples(st.just("grant_type"), st.sampled_from(GRANT_TYPES))
    | st.tuples(st.just("client_assertion_type"), st.just(ASSERTION_TYPE)),
    max_size=12,
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "authorization": st.sampled_from(["Basic Og==", "Basic x", "Bearer x", "DPoP x"]),
        "dpop": st.sampled_from(["x", "a.b.c", KEY.proof(), KEY.proof(iat=1)]),
        "accept": st.just("application/token-introspection+jwt"),
    },
)


@pytest.fixture(scope="module")
def app(provider: Provider) -> tuple[str, str | None]:
    """Registered for everything, so that each grant is reached."""
    return provider.add_client(
        grant_types=GRANT_TYPES,
        resources=("https://x.example/",),
        backchannel_token_delivery_mode="poll",
    )


@pytest.mark.parametrize("path", ["/token", "/introspect", "/revoke", "/device_authorization", "/par"])
def test_never_a_fault(provider: Provider, app: tuple[str, str | None], path: str) -> None:
    """RFC 6749, section 5.2: 400 or 401 with a code."""
    http = provider.browser().http
    auths: list[Any] = [None, (app[0], "wrong"), app, app]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(sent=PARAMS, headers=HEADERS, auth=st.sampled_from(auths))
    def check(sent: list[tuple[str, str]], headers: dict[str, str], auth: Any) -> None:
        form: dict[str, list[str]] = {}
        for name, value in sent:
            form.setdefault(name, []).append(value)
        chosen = None if "authorization" in headers else auth
        answer = http.post(path, data=form, headers=headers, auth=chosen)
        assert answer.status_code in (200, 201, 400, 401, 413, 429), answer.text
        if answer.status_code >= 400:
            assert answer.json()["error"]
            assert answer.headers["cache-control"] == "no-store"

    check()
