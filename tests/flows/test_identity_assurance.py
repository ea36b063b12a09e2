"""OpenID Connect for Identity Assurance 1.0 on the wire."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest

from tests.flows.conftest import ISSUER, Browser, Provider, query_of

FRAMEWORK = f"{ISSUER}/tf/vn-ekyc"


def answers(provider: Provider, browser: Browser, claims: dict[str, Any]) -> tuple[Any, Any]:
    """``verified_claims`` of the ID token and of userinfo after a whole login."""
    client = provider.add_client()
    code = browser.code(client_id=client[0], scope="openid", claims=json.dumps(claims))
    body = browser.exchange(code, auth=client).json()
    info = browser.http.get("/userinfo", headers={"Authorization": f"Bearer {body['access_token']}"}).json()
    identity = jwt.decode(body["id_token"], options={"verify_signature": False})
    return identity.get("verified_claims"), info.get("verified_claims")


def asking(claims: dict[str, Any], **verification: Any) -> dict[str, Any]:
    return {"verification": {"trust_framework": None} | verification, "claims": claims}


def test_userinfo_and_id_token_each_get_their_own(provider: Provider, browser: Browser) -> None:
    """Section 5.1: only what was asked for, trust_framework always."""
    identity, info = answers(
        provider,
        browser,
        {
            "userinfo": {"verified_claims": asking({"given_name": None}, assurance_level=None)},
            "id_token": {"verified_claims": asking({"birthdate": {"essential": True}})},
        },
    )
    assert info["verification"] == {"trust_framework": FRAMEWORK, "assurance_level": "vn-ekyc-2"}
    assert info["claims"] == {"given_name": "Linh"}
    assert identity["verification"] == {"trust_framework": FRAMEWORK}
    assert list(identity["claims"]) == ["birthdate"]


def test_evidence_is_what_the_officer_really_did(provider: Provider, browser: Browser) -> None:
    """Section 5.3: the citizen of this test was seen by an officer; nothing remote is claimed."""
    wanted = asking(
        {"name": None},
        time={"max_age": 3600},
        verification_process=None,
        evidence=[
            {"type": {"value": "document"}, "check_details": None, "document_details": {"issuer": None}},
            {"type": {"value": "electronic_record"}, "record": {"source": None}},
        ],
        assurance_process={"procedure": None, "assurance_details": None},
    )
    _, info = answers(provider, browser, {"userinfo": {"verified_claims": wanted}})
    document, record = info["verification"]["evidence"]
    assert {check["check_method"] for check in document["check_details"]} == {"vpip", "pvp"}
    assert document["document_details"]["type"] == "idcard"
    assert "document_number" not in json.dumps(info)
    assert record["record"]["type"] == "population_register"
    assert "check_details" not in record  # not asked for
    process = info["verification"]["assurance_process"]
    assert process["procedure"] == "in-person"
    ids = {check["check_id"] for check in document["check_details"]}
    refs = {r["check_id"] for d in process["assurance_details"] for r in d.get("evidence_ref", [])}
    assert refs <= ids
    assert provider.number not in json.dumps(info)


@pytest.mark.parametrize(
    "verification",
    [
        {"trust_framework": {"value": "eidas"}},
        {"assurance_level": {"values": ["vn-ekyc-3"]}},
        {"time": {"max_age": 0}},
        {
            "evidence": [
                {"type": {"value": "document"}, "check_details": [{"check_method": {"value": "bvr"}}]}
            ]
        },
        {"evidence": [{"type": {"value": "vouch"}}]},
    ],
)
def test_an_unmet_constraint_leaves_it_out_without_an_error(
    provider: Provider, browser: Browser, verification: dict[str, Any]
) -> None:
    """Section 5.7."""
    if "max_age" in verification.get("time", {}):
        verification = {"time": {"value": "2020-01-01T00:00:00+07:00"}}
    wanted = asking({"name": {"essential": True}}, **verification)
    assert answers(provider, browser, {"userinfo": {"verified_claims": wanted}}) == (None, None)


def test_the_citizen_agrees_to_the_proof_too(provider: Provider, browser: Browser) -> None:
    browser.code()
    client_id, _ = provider.add_client()
    claims = json.dumps({"userinfo": {"verified_claims": asking({"address": None})}})
    page = browser.authorize(client_id=client_id, scope="openid", claims=claims).headers["location"]
    text = browser.http.get(page).text
    assert "Cách xác minh danh tính" in text
    assert "Trực tiếp với cán bộ" in text
    denied = browser.submit(page, decision="deny").headers["location"]
    assert query_of(denied)["error"] == "access_denied"


def test_the_personal_number_has_a_scope_of_its_own(provider: Provider, browser: Browser) -> None:
    wanted = asking({"vn_personal_number": None, "name": None})
    _, info = answers(provider, browser, {"userinfo": {"verified_claims": wanted}})
    assert set(info["claims"]) == {"name"}


@pytest.mark.parametrize(
    "wanted",
    [
        [],
        "all",
        {"claims": {"name": None}},
        {"verification": {}, "claims": {"name": None}},
        {"verification": {"trust_framework": None}, "claims": {}},
        {"verification": {"trust_framework": None}},
        asking({"name": "x"}),
        asking({"name": None}, evidence=[]),
        asking({"name": None}, evidence=[{"type": {"values": ["document"]}}]),
        asking({"name": None}, time={"max_age": "long"}),
    ],
)
def test_malformed_requests(browser: Browser, wanted: Any) -> None:
    claims = json.dumps({"userinfo": {"verified_claims": wanted}})
    target = browser.authorize(claims=claims).headers["location"]
    assert query_of(target)["error"] == "invalid_request"


def test_metadata(browser: Browser) -> None:
    """Section 7."""
    document = browser.http.get("/.well-known/openid-configuration").json()
    assert document["verified_claims_supported"] is True
    assert document["trust_frameworks_supported"] == [FRAMEWORK]
    assert "vn_personal_number" not in document["claims_in_verified_claims_supported"]
    assert set(document["evidence_supported"]) == {"document", "electronic_record"}
