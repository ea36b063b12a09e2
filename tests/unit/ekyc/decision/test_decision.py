"""Evidence to verdict: one rule a test."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from ekyc.decision import REVIEW_REASONS, ChipEvidence, Evidence, FaceEvidence, Facts, decide, facts_of, weigh
from ekyc.decision.facts import age
from ekyc.errors import CODES
from ekyc.policy import Policy
from ekyc.registry.person import Card, CardStatus, Person
from ekyc.types import FIELD_NAMES, Check, Decision, DocumentReading, Field
from tests.ekyc_calibration import round_limits

TODAY = date(2026, 3, 1)
POLICY = Policy(face=round_limits())
PERSON = Person(
    number="019304000127",
    full_name="Nguyễn Thị Mai Đào",
    date_of_birth=date(2004, 3, 15),
    sex="female",
    nationality="Việt Nam",
    place_of_origin="Thái Nguyên",
    place_of_birth="Thái Nguyên",
    place_of_residence="Thái Nguyên",
    card=Card("cccd_chip", date(2021, 5, 10), date(2029, 3, 15), "valid"),
)
READING = DocumentReading(
    fields={
        **{name: Field(None, "none", 0.0) for name in FIELD_NAMES},
        "number": Field("019304000127", "qr+mrz+print", 1.0),
        "full_name": Field("Nguyễn Thị Mai Đào", "qr+print", 1.0),
        "date_of_birth": Field("2004-03-15", "qr+mrz+print", 1.0),
        "sex": Field("female", "qr+mrz", 1.0),
        "date_of_issue": Field("2021-05-10", "qr+print", 1.0),
        "date_of_expiry": Field("2029-03-15", "mrz+print", 1.0),
    },
    checks=(Check("mrz_digits", "pass"), Check("qr_print_agree", "pass")),
)
MATCHES = dict.fromkeys(
    ("full_name", "full_name_unaccented", "date_of_birth", "sex", "date_of_issue", "date_of_expiry"), True
)
GOOD = Evidence(
    document=READING,
    person=PERSON,
    registry_code=None,
    matches=MATCHES,
    face=FaceEvidence(0.35, 0.30, 0.30),
    liveness=None,
    earlier_failures=(),
    today=TODAY,
    record={"face_engine": "dlib-resnet-v1", "sha256": {"front": "ab"}},
)


def verdict(evidence: Evidence) -> tuple[str, tuple[str, ...]]:
    decision = decide(evidence, POLICY)
    known = REVIEW_REASONS if decision.verdict == "review" else tuple(CODES)
    assert set(decision.reasons) <= set(known)
    assert decision.level == (2 if decision.verdict == "accept" else 0)
    return decision.verdict, decision.reasons


def outcome_of(decision: Decision, name: str) -> str:
    return next(check.outcome for check in decision.checks if check.name == name)


def read(name: str, field: Field) -> DocumentReading:
    return replace(READING, fields={**READING.fields, name: field})


def test_everything_right_is_accepted_at_level_2() -> None:
    assert verdict(GOOD) == ("accept", ())


def test_a_decision_keeps_what_it_was_made_of() -> None:
    evidence = decide(GOOD, POLICY).evidence
    assert evidence["face_engine"] == "dlib-resnet-v1"
    assert evidence["sha256"] == {"front": "ab"}
    assert evidence["distances"] == {
        "to_card": 0.35,
        "to_registry": 0.3,
        "card_to_registry": 0.3,
        "to_chip": None,
    }
    assert evidence["thresholds"]["accept_two_references"] == POLICY.face.limits.accept_two_references


def test_every_check_is_listed_whatever_the_verdict() -> None:
    names = [check.name for check in decide(GOOD, POLICY).checks]
    assert names == [
        "mrz_digits",
        "qr_print_agree",
        "registry_record",
        "registry_date_of_birth",
        "registry_sex",
        "registry_full_name",
        "registry_date_of_issue",
        "registry_date_of_expiry",
        "person_alive",
        "card_status",
        "age",
        "face_to_card",
        "face_to_registry",
        "card_portrait_to_registry",
        "face",
        "liveness",
    ]


@pytest.mark.parametrize("code", ["number_unknown", "number_invalid"])
def test_a_number_the_registry_does_not_know(code: str) -> None:
    evidence = replace(GOOD, person=None, registry_code=code, matches={})
    assert verdict(evidence) == ("reject", (code,))


def test_a_deceased_person() -> None:
    assert verdict(replace(GOOD, person=replace(PERSON, life_status="deceased"))) == (
        "reject",
        ("person_deceased",),
    )


@pytest.mark.parametrize("status", ["expired", "cancelled", "replaced"])
def test_a_card_that_is_no_longer_good(status: CardStatus) -> None:
    person = replace(PERSON, card=replace(PERSON.card, status=status))
    assert verdict(replace(GOOD, person=person)) == ("reject", (f"card_{status}",))


@pytest.mark.parametrize(
    ("born", "expected"),
    [(date(2012, 3, 1), ("accept", ())), (date(2012, 3, 2), ("reject", ("person_under_age",)))],
)
def test_fourteen_is_counted_to_the_day(born: date, expected: tuple[str, tuple[str, ...]]) -> None:
    assert verdict(replace(GOOD, person=replace(PERSON, date_of_birth=born))) == expected


def test_age_of_a_leap_day_child() -> None:
    assert age(date(2012, 2, 29), date(2026, 2, 28)) == 13
    assert age(date(2012, 2, 29), date(2026, 3, 1)) == 14


@pytest.mark.parametrize("name", ["date_of_birth", "sex"])
def test_birth_date_or_sex_differ(name: str) -> None:
    assert verdict(replace(GOOD, matches={**MATCHES, name: False})) == ("reject", ("registry_mismatch",))


def test_another_name() -> None:
    matches = {**MATCHES, "full_name": False, "full_name_unaccented": False}
    assert verdict(replace(GOOD, matches=matches)) == ("reject", ("registry_mismatch",))


def test_only_the_marks_of_a_name_differ() -> None:
    decision = decide(replace(GOOD, matches={**MATCHES, "full_name": False}), POLICY)
    assert decision.verdict == "accept"
    note = next(check for check in decision.checks if check.name == "registry_full_name")
    assert (note.outcome, note.detail) == ("pass", "only marks differ; the registry's spelling counts")


def test_a_difference_read_from_print_alone_goes_to_an_officer() -> None:
    unsure = read("date_of_birth", Field("2004-03-16", "print", 0.7))
    evidence = replace(GOOD, document=unsure, matches={**MATCHES, "date_of_birth": False})
    assert verdict(evidence) == ("review", ("fields_unconfirmed",))
    sure = read("date_of_birth", Field("2004-03-16", "print", 0.99))
    assert verdict(replace(evidence, document=sure)) == ("reject", ("registry_mismatch",))


@pytest.mark.parametrize("missing", [("date_of_birth",), ("full_name", "full_name_unaccented")])
def test_a_field_that_was_not_read_goes_to_an_officer(missing: tuple[str, ...]) -> None:
    matches = {name: same for name, same in MATCHES.items() if name not in missing}
    assert verdict(replace(GOOD, matches=matches)) == ("review", ("fields_unread",))


def test_an_older_card_than_the_registrys() -> None:
    older = read("date_of_issue", Field("2019-01-01", "qr+print", 1.0))
    evidence = replace(GOOD, document=older, matches={**MATCHES, "date_of_issue": False})
    assert verdict(evidence) == ("reject", ("card_replaced",))
    misread = read("date_of_issue", Field("2019-01-01", "print", 1.0))
    assert verdict(replace(evidence, document=misread)) == ("review", ("card_not_current",))


def test_another_expiry_goes_to_an_officer() -> None:
    assert verdict(replace(GOOD, matches={**MATCHES, "date_of_expiry": False})) == (
        "review",
        ("card_not_current",),
    )


def test_a_failed_document_check_goes_to_an_officer() -> None:
    doubtful = replace(READING, checks=(Check("expiry_rule", "fail"), Check("qr", "unavailable")))
    assert verdict(replace(GOOD, document=doubtful)) == ("review", ("document_doubtful",))


def test_a_back_that_nothing_ties_to_its_front_goes_to_an_officer() -> None:
    loose = replace(READING, checks=(Check("sides_belong_together", "unavailable"),))
    assert verdict(replace(GOOD, document=loose)) == ("review", ("document_doubtful",))


@pytest.mark.parametrize(
    ("face", "expected"),
    [
        (FaceEvidence(0.489, 0.445, 0.2), ("accept", ())),
        (FaceEvidence(0.467, 0.467, 0.2), ("review", ("face_doubtful",))),
        (FaceEvidence(0.48, 0.47, 0.2), ("review", ("face_doubtful",))),
        (FaceEvidence(0.502, 0.502, 0.0), ("review", ("face_doubtful",))),
        (FaceEvidence(0.56, 0.60, 0.2), ("reject", ("face_mismatch",))),
        # a good mean does not hide a stranger in the registry, nor an exchanged portrait on the card
        (FaceEvidence(0.20, 0.70, 0.7), ("reject", ("face_mismatch",))),
        (FaceEvidence(0.70, 0.20, 0.7), ("review", ("portraits_differ",))),
        (FaceEvidence(0.70, None, None), ("reject", ("face_mismatch",))),
        (FaceEvidence(0.30, None, None), ("review", ("portrait_unavailable",))),
        (FaceEvidence(None, 0.30, None), ("review", ("portrait_unavailable",))),
        (FaceEvidence(None, 0.46, None), ("review", ("portrait_unavailable", "face_doubtful"))),
        (FaceEvidence(None, None, None), ("review", ("portrait_unavailable",))),
    ],
)
def test_face_bands(face: FaceEvidence, expected: tuple[str, tuple[str, ...]]) -> None:
    assert verdict(replace(GOOD, face=face)) == expected


def test_liveness_given_up() -> None:
    evidence = replace(GOOD, liveness="liveness_wrong_order", earlier_failures=("liveness_still",))
    assert verdict(evidence) == ("reject", ("liveness_wrong_order",))


def test_honest_retries_are_forgotten_suspicious_ones_are_not() -> None:
    clumsy = ("liveness_timeout", "liveness_wrong_order", "liveness_still")
    assert verdict(replace(GOOD, earlier_failures=clumsy)) == ("accept", ())
    for code in ("liveness_person_changed", "liveness_frames_reused"):
        assert verdict(replace(GOOD, earlier_failures=(*clumsy, code))) == (
            "review",
            ("liveness_suspicious",),
        )


def test_a_rejection_outweighs_doubts_and_lists_its_own_reasons_once() -> None:
    evidence = replace(
        GOOD,
        person=replace(PERSON, life_status="deceased"),
        matches={**MATCHES, "sex": False, "date_of_birth": False, "date_of_expiry": False},
    )
    assert verdict(evidence) == ("reject", ("registry_mismatch", "person_deceased"))
    assert outcome_of(decide(evidence, POLICY), "registry_date_of_expiry") == "fail"


@pytest.mark.parametrize(
    "face", [(0.15, 0.549, 0.545), (0.38, 0.549, 0.52), (0.20, 0.54, 0.54), (0.1, 0.46, 0.3)]
)
def test_attack_a_forged_card_portrait_does_not_loosen_the_registrys(
    face: tuple[float, float, float],
) -> None:
    assert verdict(replace(GOOD, face=FaceEvidence(*face))) == ("review", ("face_doubtful",))


@pytest.mark.parametrize(
    "known",
    [
        {"matches": {**MATCHES, "date_of_birth": False}},
        {"person": replace(PERSON, life_status="deceased")},
        {"person": replace(PERSON, card=replace(PERSON.card, status="cancelled"))},
    ],
)
def test_attack_a_stranger_learns_nothing_of_the_registry(known: dict[str, object]) -> None:
    stranger = replace(GOOD, face=FaceEvidence(0.9, 0.9, 0.2))
    decision = decide(replace(stranger, **known), POLICY)  # type: ignore[arg-type]
    assert decision.reasons == decide(stranger, POLICY).reasons == ("face_mismatch",)
    assert len(decision.evidence["other_reasons"]) == 1


def test_attack_trying_again_and_again_ends_at_an_officer() -> None:
    assert verdict(replace(GOOD, recent_failures=POLICY.max_failures)) == ("accept", ())
    again = replace(GOOD, recent_failures=POLICY.max_failures + 1)
    assert verdict(again) == ("review", ("liveness_suspicious",))


def test_the_facts_of_a_decision_name_nobody_and_give_the_verdict_again() -> None:
    chip = ChipEvidence("verified", anchored=True, checks=(Check("chip_number_agrees", "pass"),))
    for evidence in (
        GOOD,
        replace(GOOD, chip=chip),
        replace(GOOD, person=None, registry_code="number_unknown"),
    ):
        kept = json.dumps(facts_of(evidence).to_json(), ensure_ascii=False)
        for value in (PERSON.number, PERSON.full_name, "2004", "2021-05-10", PERSON.place_of_residence):
            assert value not in kept
        facts = Facts.from_json(json.loads(kept))
        assert facts == facts_of(evidence)
        again, first = weigh(facts, POLICY), decide(evidence, POLICY)
        assert (again.verdict, again.level, again.reasons) == (first.verdict, first.level, first.reasons)
        assert again.checks == first.checks
        assert first.evidence["facts"] == json.loads(kept)


def test_a_cue_of_the_face_step_goes_to_an_officer() -> None:
    assert verdict(replace(GOOD, cues=("moire",))) == ("review", ("liveness_suspicious",))
