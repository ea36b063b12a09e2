"""What a chip changes about a verdict: one rule a test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ekyc.decision import ChipEvidence, Evidence, FaceEvidence, decide
from ekyc.policy import Policy
from ekyc.types import Check
from tests.ekyc_calibration import round_limits
from tests.unit.ekyc.decision.test_decision import GOOD

POLICY = Policy(face=round_limits())
PROVEN = ChipEvidence("verified", anchored=True, original=True, checks=(Check("chip_number_agrees", "pass"),))
LEVEL_3 = ("accept", 3, ())
LEVEL_2 = ("accept", 2, ())


def with_chip(chip: ChipEvidence, to_chip: float | None = 0.4) -> Evidence:
    return replace(GOOD, chip=chip, face=replace(GOOD.face, to_chip=to_chip))


def verdict(evidence: Evidence) -> tuple[str, int, tuple[str, ...]]:
    decision = decide(evidence, POLICY)
    return decision.verdict, decision.level, decision.reasons


def test_a_proven_chip_with_its_own_face_is_worth_level_3() -> None:
    assert verdict(with_chip(PROVEN)) == LEVEL_3
    names = [check.name for check in decide(with_chip(PROVEN), POLICY).checks][-4:]
    assert names == ["chip_number_agrees", "chip_authentic", "chip_original", "face_to_chip"]


@pytest.mark.parametrize(
    ("chip", "to_chip"),
    [
        (replace(PROVEN, original=False), 0.4),
        (PROVEN, None),
        (replace(PROVEN, trust="integrity_only", anchored=False), 0.4),
    ],
)
def test_a_part_of_it_is_worth_level_2(chip: ChipEvidence, to_chip: float | None) -> None:
    assert verdict(with_chip(chip, to_chip)) == LEVEL_2


@pytest.mark.parametrize(
    ("to_chip", "to_registry", "expected"),
    [(0.467, 0.440, LEVEL_3), (0.520, 0.414, LEVEL_3), (0.520, 0.415, LEVEL_2), (0.550, 0.300, LEVEL_3)],
)
def test_level_3_needs_the_mean_of_chip_and_registry(
    to_chip: float, to_registry: float, expected: tuple[str, int, tuple[str, ...]]
) -> None:
    evidence = replace(GOOD, chip=PROVEN, face=replace(GOOD.face, to_chip=to_chip, to_registry=to_registry))
    assert verdict(evidence) == expected


def test_a_strangers_face() -> None:
    assert verdict(with_chip(PROVEN, 0.551)) == ("reject", 0, ("face_mismatch",))
    unknown = replace(PROVEN, trust="integrity_only", anchored=False)
    assert verdict(with_chip(unknown, 0.551)) == ("review", 0, ("portraits_differ",))


def test_an_unknown_authority_goes_to_an_officer_where_others_are_configured() -> None:
    unknown = replace(PROVEN, trust="integrity_only")
    assert verdict(with_chip(unknown)) == ("review", 0, ("chip_unverified",))


@pytest.mark.parametrize("trust", ["verified", "integrity_only"])
def test_a_chip_against_the_card_rejects(trust: str) -> None:
    differing = replace(PROVEN, trust=trust, anchored=False, checks=(Check("chip_number_agrees", "fail"),))
    assert verdict(with_chip(differing)) == ("reject", 0, ("chip_differs_from_card",))


@pytest.mark.parametrize(
    "code",
    [
        "chip_hash_mismatch",
        "chip_signature_invalid",
        "chip_signer_untrusted",
        "chip_cloned",
        "chip_differs_from_card",
    ],
)
def test_only_forged_readings_go_to_an_officer(code: str) -> None:
    assert verdict(with_chip(ChipEvidence(failures=(code,)))) == ("review", 0, ("chip_suspicious",))
    assert verdict(with_chip(replace(PROVEN, failures=(code,)))) == LEVEL_3
    assert verdict(with_chip(replace(PROVEN, original=False, failures=(code,))))[0] == "review"


@pytest.mark.parametrize(
    "code", ["chip_unreadable", "chip_answer_missing", "chip_downgraded", "chip_algorithm_weak"]
)
def test_what_a_bad_connection_causes_is_nobodys_fault(code: str) -> None:
    assert verdict(with_chip(ChipEvidence(failures=(code,)))) == LEVEL_2


def test_a_rejection_for_another_reason_has_no_level() -> None:
    assert verdict(replace(with_chip(PROVEN), liveness="liveness_still")) == (
        "reject",
        0,
        ("liveness_still",),
    )


@pytest.mark.parametrize(("trust", "verdict"), [("verified", "accept"), ("integrity_only", "review")])
def test_a_chip_an_authority_vouches_for_is_a_third_reference(trust: str, verdict: str) -> None:
    """The printed portrait is worn: the mean of two is too far, that of three is not."""
    face = FaceEvidence(0.54, 0.41, 0.5, to_chip=0.40)
    chip = replace(PROVEN, trust=trust)  # type: ignore[arg-type]
    assert decide(replace(GOOD, face=face, chip=chip), POLICY).verdict == verdict
