"""Plan ekyc-test-plan-oidccore (OpenID Connect for Identity Assurance 1.0), re-implemented."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conformance.conftest import Relying

EVERYTHING = {
    "trust_framework": None,
    "assurance_level": None,
    "time": None,
    "evidence": [
        {"type": {"value": "document"}, "check_details": None, "document_details": None},
        {"type": {"value": "electronic_record"}, "check_details": None, "record": None},
    ],
}


@pytest.fixture
def known(relying: Relying) -> list[str]:
    """The claims that the metadata offers."""
    metadata = relying.browser.http.get("/.well-known/openid-configuration").json()
    assert metadata["verified_claims_supported"] is True
    offered: list[str] = metadata["claims_in_verified_claims_supported"]
    return offered


def _asked(claims: dict[str, Any], verification: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"verification": verification or {"trust_framework": None}, "claims": claims}


def _answered(relying: Relying, **wanted: Any) -> tuple[Any, Any]:
    """``verified_claims`` of the ID token and of userinfo; ``wanted`` by place."""
    claims = {place: {"verified_claims": value} for place, value in wanted.items()}
    tokens = relying.tokens(scope="openid", claims=json.dumps(claims))
    identity, info = relying.claims(tokens["id_token"]), relying.userinfo(tokens["access_token"])
    return identity.get("verified_claims"), info.get("verified_claims")


def _both(relying: Relying, claims: dict[str, Any], expected: set[str]) -> None:
    """Asks in both places; each answers exactly the ``expected`` claims and the trust framework."""
    wanted = _asked(claims)
    for answer in _answered(relying, id_token=wanted, userinfo=wanted):
        assert answer["verification"].keys() == {"trust_framework"}
        assert answer["claims"].keys() == expected


def test_ekyc_server_happypath(relying: Relying, known: list[str]) -> None:
    _both(relying, {known[0]: None}, {known[0]})


def test_ekyc_server_happypath_emptyobject(relying: Relying, known: list[str]) -> None:
    _both(relying, {known[0]: {}}, {known[0]})


def test_ekyc_server_happypath_essentialfalse(relying: Relying, known: list[str]) -> None:
    _both(relying, {known[0]: {"essential": False}}, {known[0]})


def test_ekyc_server_unknown_claim_omitted(relying: Relying, known: list[str]) -> None:
    _both(relying, {known[0]: None, "x7c1a0f2": None}, {known[0]})


def test_ekyc_server_unknown_essential_claim_omitted(relying: Relying, known: list[str]) -> None:
    _both(relying, {known[0]: None, "x7c1a0f2": {"essential": True}}, {known[0]})


def test_ekyc_server_unknown_claim_specialchars_omitted(relying: Relying, known: list[str]) -> None:
    _both(relying, {known[0]: None, "x7c1 a0f2'\"<&>;ả#%": None}, {known[0]})


def test_ekyc_server_one_claim_with_random_value_omitted(relying: Relying, known: list[str]) -> None:
    """With its only claim the whole element goes (section 5.7.4)."""
    wanted = _asked({known[0]: {"value": "0b8a3f0e-5b0a-4a52-9f37-6f1d0c6c7f10"}})
    assert _answered(relying, id_token=wanted, userinfo=wanted) == (None, None)


def test_ekyc_server_request_only_in_idtoken(relying: Relying, known: list[str]) -> None:
    identity, info = _answered(relying, id_token=_asked({known[0]: None}))
    assert identity["claims"].keys() == {known[0]}
    assert info is None


def test_ekyc_server_request_only_in_userinfo(relying: Relying, known: list[str]) -> None:
    identity, info = _answered(relying, userinfo=_asked({known[0]: None}))
    assert info["claims"].keys() == {known[0]}
    assert identity is None


def test_ekyc_server_testuserprovidedrequest(relying: Relying) -> None:
    """The request that somebody brings along: here name and birthdate with the time of the check."""
    wanted = _asked({"name": None, "birthdate": None}, {"trust_framework": None, "time": None})
    _, info = _answered(relying, userinfo=wanted)
    assert info["verification"].keys() == {"trust_framework", "time"}
    assert info["claims"]["birthdate"]


def test_ekyc_server_testbasedonuserinfo_defaults(relying: Relying, known: list[str]) -> None:
    """What is known of the citizen, asked for by value, is what comes back."""
    _, info = _answered(relying, userinfo=_asked(dict.fromkeys(known), EVERYTHING))
    assert info["claims"].keys() <= set(known)
    assert {"name", "birthdate"} <= info["claims"].keys()
    verification = {
        name: {"value": info["verification"][name]} for name in ("trust_framework", "assurance_level")
    }
    by_value = {n: {"value": v} if isinstance(v, str) else None for n, v in info["claims"].items()}
    _, again = _answered(relying, userinfo=_asked(by_value, verification))
    assert again["claims"] == info["claims"]


def test_ekyc_server_test_userinfo_notfoundinop(relying: Relying, known: list[str]) -> None:
    """Evidence and claims that the metadata does not offer are left out, without an error."""
    verification = {"trust_framework": None, "verifier": {"organization": None, "badge": None}}
    _, info = _answered(relying, userinfo=_asked({"name": None, "shoe_size": None}, verification))
    assert info["claims"].keys() == {"name"}
    assert "badge" not in json.dumps(info)
