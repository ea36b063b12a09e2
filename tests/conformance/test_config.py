"""Plan oidcc-config-certification-test-plan, re-implemented."""

from __future__ import annotations

from tests.conformance.conftest import Relying
from tests.flows.conftest import ISSUER


def test_oidcc_discovery_endpoint_verification(relying: Relying) -> None:
    answer = relying.browser.http.get("/.well-known/openid-configuration")
    assert answer.headers["content-type"].startswith("application/json")
    metadata = answer.json()
    assert metadata["issuer"] == ISSUER
    for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
        assert metadata[name].startswith(ISSUER + "/")
    assert "openid" in metadata["scopes_supported"]
    assert metadata["response_types_supported"] == ["code"]
    assert "RS256" in metadata["id_token_signing_alg_values_supported"]
    assert set(metadata["subject_types_supported"]) <= {"pairwise", "public"}
    assert {"sub"} <= set(metadata["claims_supported"])
    keys = relying.browser.http.get(metadata["jwks_uri"]).json()["keys"]
    assert len({key["kid"] for key in keys}) == len(keys)
