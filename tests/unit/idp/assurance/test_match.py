"""Matching rules of verified_claims (OpenID Connect for Identity Assurance 1.0, sections 5.3 to 5.7)."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from idp.domain.assurance import match, request
from idp.domain.assurance.build import build
from idp.domain.models import Account, Profile, Proofing

NOW = 1_790_000_000
PERSON = Profile(
    number="019204000001",
    full_name="Trần Khánh Linh",
    birthdate=date(2004, 3, 15),
    sex="female",
    nationality="Việt Nam",
    place_of_birth="Thái Nguyên",
    place_of_origin="Thái Nguyên",
    place_of_residence="Phường Phan Đình Phùng, Thái Nguyên",
    card_issued=date(2021, 5, 10),
    card_expires=None,
)
REMOTE = Proofing("remote-unattended", NOW - 100, "t-1", ("face", "liveness", "registry_record"))


def known(proofing: Proofing | None = REMOTE, level: int = 2) -> dict[str, Any]:
    found = build(Account("a", PERSON, level, NOW, proofing), "https://id.example")
    assert found is not None
    return found


def one(wanted: dict[str, Any], **changes: Any) -> Any:
    asked = {"verification": {"trust_framework": None} | wanted, "claims": {"name": None}} | changes
    request.check(asked)
    return match.answer(asked, known(), NOW)


def test_every_verified_claim_is_derived_from_some_evidence() -> None:
    """Schema Definition 1.0: what is claimed stands in a derived_claims, every check_id resolves."""
    everything = known()
    evidence = everything["verification"]["evidence"]
    derived: set[str] = set()
    for entry in evidence:
        derived |= set((entry.get("document_details") or entry["record"])["derived_claims"])
    assert set(everything["claims"]) <= derived
    ids = {check["check_id"] for entry in evidence for check in entry["check_details"]}
    for detail in everything["verification"]["assurance_process"]["assurance_details"]:
        assert {ref["check_id"] for ref in detail["evidence_ref"]} <= ids
    assert PERSON.number not in str(everything)


def test_only_checks_that_passed_are_told() -> None:
    def methods(proofing: Proofing) -> set[str]:
        document = known(proofing)["verification"]["evidence"][0]
        return {check["check_method"].rpartition("/")[2] for check in document["check_details"]}

    assert methods(REMOTE) == {"vri", "bvr", "biopad"}
    assert methods(Proofing("remote-unattended", NOW, "t", ("liveness",), reviewed=True)) == {
        "vri",
        "biopad",
        "pvr",
    }
    assert methods(Proofing("remote-unattended", NOW, "t", ("chip_authentic",))) == {"vri", "vcrypt"}
    assert methods(Proofing("in-person", NOW, "t")) == {"vpip", "pvp"}


def test_a_card_without_limit_has_no_expiry() -> None:
    details = known()["verification"]["evidence"][0]["document_details"]
    assert details["date_of_issuance"] == "2021-05-10"
    assert "date_of_expiry" not in details
    assert details["issuer"]["name"].startswith("Cục Cảnh sát")


def test_nothing_is_said_without_a_proofing() -> None:
    assert build(Account("a", PERSON, 2, NOW), "https://id.example") is None
    assert build(Account("a", PERSON, 0, NOW, REMOTE), "https://id.example") is None


def test_null_value_values_and_max_age() -> None:
    assert one({"assurance_level": None})["verification"]["assurance_level"] == "vn-ekyc-2"
    assert one({"assurance_level": {"value": "vn-ekyc-2"}}) is not None
    assert one({"assurance_level": {"values": ["vn-ekyc-2", "vn-ekyc-3"]}}) is not None
    assert one({"assurance_level": {"value": "vn-ekyc-3"}}) is None
    assert one({"time": {"max_age": 100}}) is not None
    assert one({"time": {"max_age": 99}}) is None


def test_members_that_we_do_not_have() -> None:
    """Asked for without a constraint: left out. With one: the whole answer is."""
    assert "moon" not in one({"moon": None})["verification"]
    assert one({"moon": {"value": "full"}}) is None
    assert one({"moon": {"phase": {"value": "full"}}}) is None


def test_evidence_entries_are_alternatives() -> None:
    found = one({"evidence": [{"type": {"value": "vouch"}}, {"type": {"value": "document"}}]})
    assert [entry["type"] for entry in found["verification"]["evidence"]] == ["document"]
    assert one({"evidence": [{"type": {"value": "vouch"}}]}) is None
    expiring = {"type": {"value": "document"}, "document_details": {"date_of_expiry": {"max_age": 1}}}
    assert one({"evidence": [expiring]}) is None


def test_checks_are_filtered_and_references_follow() -> None:
    checks = [{"check_method": {"value": "bvr"}}]
    found = one(
        {
            "assurance_process": {"assurance_details": None},
            "evidence": [{"type": {"value": "document"}, "check_details": checks}],
        }
    )
    document = found["verification"]["evidence"][0]
    assert [check["check_method"] for check in document["check_details"]] == ["bvr"]
    details = found["verification"]["assurance_process"]["assurance_details"]
    refs = [ref["check_id"] for detail in details for ref in detail.get("evidence_ref", [])]
    assert refs == ["chk-face"]


def test_claims_fall_out_one_by_one() -> None:
    found = one({}, claims={"name": {"value": "Ai Đó"}, "birthdate": None, "email": None})
    assert found["claims"] == {"birthdate": "2004-03-15"}
    assert one({}, claims={"email": {"essential": True}}) is None


def test_an_array_is_answered_entry_by_entry() -> None:
    good = {"verification": {"trust_framework": None}, "claims": {"name": None}}
    bad = {"verification": {"trust_framework": {"value": "eidas"}}, "claims": {"name": None}}
    assert match.answer([bad, good, bad], known(), NOW) == [match.answer(good, known(), NOW)]
    assert match.answer([bad], known(), NOW) is None


_LEAF = st.one_of(
    st.none(),
    st.fixed_dictionaries({}, optional={"value": st.text(max_size=5), "max_age": st.integers(0, 9)}),
)
_NAMES = st.sampled_from(
    ["time", "evidence", "type", "check_details", "check_method", "assurance_process", "procedure", "record"]
)
_TREE = st.recursive(
    _LEAF,
    lambda inner: (
        st.dictionaries(_NAMES, inner, max_size=3)
        | st.lists(st.dictionaries(_NAMES, inner, max_size=2), min_size=1, max_size=2)
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(verification=st.dictionaries(_NAMES, _TREE, max_size=4), names=st.sets(st.sampled_from(["name", "x"])))
def test_any_accepted_request_gets_a_part_of_what_is_known(
    verification: dict[str, Any], names: set[str]
) -> None:
    """Never more than was asked for, never a failure."""
    asked = {
        "verification": verification | {"trust_framework": None},
        "claims": dict.fromkeys(names),
    }
    try:
        request.check(asked)
    except ValueError:
        return
    found = match.answer(asked, known(), NOW)
    if found is not None:
        assert set(found["claims"]) <= names
        assert set(found["verification"]) <= set(verification) | {"trust_framework"}
