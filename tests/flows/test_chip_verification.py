"""A verification with the card's chip: MOCK chips of sample citizens, everything else as in production."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from ekyc.chip.specimen.answer import answer_nonce
from ekyc.chip.specimen.authority import new_csca, revocation_list
from ekyc.chip.specimen.issue import Profile, SpecimenChip, issue_chip
from ekyc.errors import EkycError
from ekyc.policy import ChipPolicy, Policy
from ekyc.registry.person import Person
from tests.ekyc_chips import NOW, csca
from tests.ekyc_world import World, card_photos


@cache
def chip_of(person: Person, profile: Profile | None = None) -> SpecimenChip:
    return issue_chip(person, csca(), profile, now=NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "csca"
    made.mkdir()
    (made / "csca.cer").write_bytes(csca().encoded)
    return made


@pytest.fixture
def world(tmp_path: Path, folder: Path) -> Iterator[World]:
    made = World(tmp_path, csca=folder)
    yield made
    made.close()


def show_chip(world: World, verification: str, chip: SpecimenChip, **files: bytes) -> str:
    """Read the chip with the nonce that is open: the outcome, or the code of the refusal."""
    record = world.store.load(verification)
    assert record is not None
    answer = answer_nonce(chip.key, bytes.fromhex(record.chip.nonce)) if chip.key else b""
    try:
        return world.verifications.add_chip(verification, {**chip.files, **files}, answer).trust
    except EkycError as error:
        return error.code


def decided(world: World, verification: str, sample: str = "04") -> tuple[str, int, tuple[str, ...]]:
    world.show_face(verification, sample)
    outcome = world.verifications.decide(verification)
    return outcome.verdict, outcome.level, outcome.reasons


def refused_chip(world: World, verification: str, chip: SpecimenChip, answer: bytes) -> str:
    with pytest.raises(EkycError) as refused:
        world.verifications.add_chip(verification, chip.files, answer)
    return refused.value.code


@pytest.mark.parametrize("sample", ["04", "12"])
def test_card_chip_and_face_are_worth_level_3(world: World, sample: str) -> None:
    person = world.person(sample)
    verification = world.with_card(person)
    picture: Profile = Profile("rsa2048", "sha512", active="rsa2048", picture="jp2")
    assert show_chip(world, verification, chip_of(person, picture if sample == "12" else None)) == "verified"
    assert world.verifications.get(verification).chip == "verified"
    world.show_face(verification, sample)
    outcome = world.verifications.decide(verification)
    assert (outcome.verdict, outcome.level, outcome.reasons) == ("accept", 3, ())
    checks = {check["name"]: check["outcome"] for check in outcome.checks}
    assert {checks[name] for name in checks if name.startswith("chip_") or name == "face_to_chip"} == {"pass"}
    assert outcome.fields["number"]["source"].endswith("+chip")
    assert outcome.evidence["chip"]["active_authentication"] is True
    assert outcome.evidence["chip"]["sha256"].keys() == {"dg1", "dg2", "dg13", "dg14", "dg15", "sod"}


def test_the_decision_leaves_nothing_of_the_chip(world: World) -> None:
    person = world.person("04")
    verification = world.with_card(person)
    show_chip(world, verification, chip_of(person))
    before = world.store.load(verification)
    assert before is not None and before.chip.reading is not None
    decided(world, verification)
    after = world.store.load(verification)
    assert after is not None and after.chip.reading is None
    world.verifications.delete(verification)
    assert world.store.load(verification) is None


def test_the_chip_may_come_first_and_its_nonce_is_there_from_the_start(world: World) -> None:
    person = world.person("04")
    started = world.verifications.start()
    assert started.chip_nonce is not None and len(bytes.fromhex(started.chip_nonce)) == 8
    assert show_chip(world, started.id, chip_of(person)) == "verified"
    with pytest.raises(EkycError) as none:
        world.verifications.decide(started.id)
    assert none.value.code == "verification_incomplete"


def test_a_chip_that_cannot_sign_or_whose_issuer_is_unknown_adds_no_level(world: World) -> None:
    person = world.person("04")
    verification = world.with_card(person)
    assert show_chip(world, verification, chip_of(person, Profile(active=None))) == "verified"
    assert decided(world, verification) == ("accept", 2, ())
    stranger = issue_chip(person, new_csca(now=NOW, name="Other"), now=NOW)
    verification = world.with_card(person)
    assert show_chip(world, verification, stranger) == "integrity_only"
    assert decided(world, verification) == ("review", 0, ("chip_unverified",))


def test_without_any_authority_configured_a_chip_neither_helps_nor_harms(tmp_path: Path) -> None:
    world = World(tmp_path)
    verification = world.with_card(world.person("04"))
    assert show_chip(world, verification, chip_of(world.person("04"))) == "integrity_only"
    assert decided(world, verification) == ("accept", 2, ())
    world.close()


# The nonce


def test_a_nonce_is_good_for_one_reading_whatever_came_out(world: World) -> None:
    person = world.person("04")
    chip = chip_of(person)
    started = world.verifications.start()
    assert started.chip_nonce is not None and chip.key is not None
    answer = answer_nonce(chip.key, bytes.fromhex(started.chip_nonce))
    assert refused_chip(world, started.id, chip, b"") == "chip_answer_missing"
    assert refused_chip(world, started.id, chip, answer) == "chip_nonce_used"
    fresh = world.verifications.chip_nonce(started.id)
    assert fresh != started.chip_nonce
    assert refused_chip(world, started.id, chip, answer) == "chip_cloned"  # a replay of the earlier answer
    world.verifications.chip_nonce(started.id)
    assert show_chip(world, started.id, chip) == "verified"
    assert show_chip(world, started.id, chip) == "chip_nonce_used"


def test_an_answer_to_another_verifications_nonce(world: World) -> None:
    chip = chip_of(world.person("04"))
    one, other = world.verifications.start(), world.verifications.start()
    assert one.chip_nonce is not None and chip.key is not None
    answer = answer_nonce(chip.key, bytes.fromhex(one.chip_nonce))
    assert refused_chip(world, other.id, chip, answer) == "chip_cloned"


def test_of_many_readings_at_once_one_gets_the_nonce(world: World) -> None:
    chip = chip_of(world.person("04"))
    verification = world.verifications.start().id
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: show_chip(world, verification, chip), range(4)))
    assert sorted(outcomes) == ["chip_nonce_used"] * 3 + ["verified"]


def test_readings_are_counted_and_an_incomplete_one_is_not(world: World) -> None:
    chip = chip_of(world.person("04"))
    started = world.verifications.start()
    assert show_chip(world, started.id, chip, dg2=b"") == "chip_incomplete"
    assert show_chip(world, started.id, chip) == "verified"
    for _ in range(ChipPolicy().max_readings - 1):
        world.verifications.chip_nonce(started.id)
        show_chip(world, started.id, chip)
    with pytest.raises(EkycError) as used_up:
        world.verifications.chip_nonce(started.id)
    assert used_up.value.code == "chip_nonce_used"


# Chip, card and face that do not belong together


def test_the_chip_of_one_person_and_the_card_of_another(world: World) -> None:
    verification = world.with_card(world.person("04"))
    assert show_chip(world, verification, chip_of(world.person("12"))) == "chip_differs_from_card"
    assert decided(world, verification) == ("review", 0, ("chip_suspicious",))
    started = world.verifications.start()
    assert show_chip(world, started.id, chip_of(world.person("12"))) == "verified"
    for side, photo in card_photos(world.person("04")).items():
        world.verifications.add_document(started.id, side, photo)
    verdict, _, reasons = decided(world, started.id)
    assert (verdict, reasons) == ("reject", ("face_mismatch",))
    other_reasons = world.verifications.decide(started.id).evidence["other_reasons"]
    assert other_reasons == ["chip_differs_from_card"]


def test_a_card_with_a_changed_date_against_its_own_chip(world: World) -> None:
    person = world.person("04")
    forged = replace(
        person, card=replace(person.card, date_of_issue=person.card.date_of_issue + timedelta(1))
    )
    verification = world.with_card(forged)
    assert show_chip(world, verification, chip_of(person)) == "chip_differs_from_card"


def test_a_genuine_chip_with_a_strangers_portrait(world: World) -> None:
    """Not what a forger can do, but what a mix-up at the issuer would look like."""
    person = world.person("04")
    other = replace(person, portrait=world.person("12").portrait)
    verification = world.with_card(person)
    assert show_chip(world, verification, chip_of(other)) == "verified"
    assert decided(world, verification) == ("reject", 0, ("face_mismatch",))


def test_forged_readings_send_to_an_officer_unless_the_chip_is_proven_afterwards(world: World) -> None:
    person = world.person("04")
    changed = chip_of(person).files["dg1"][:-1] + b"X"
    for proven, expected in ((False, ("review", 0, ("chip_suspicious",))), (True, ("accept", 3, ()))):
        verification = world.with_card(person)
        assert show_chip(world, verification, chip_of(person), dg1=changed) == "chip_hash_mismatch"
        if proven:
            world.verifications.chip_nonce(verification)
            assert show_chip(world, verification, chip_of(person)) == "verified"
        assert decided(world, verification) == expected


# Settings


def test_a_list_put_into_the_folder_counts_at_once(world: World, folder: Path) -> None:
    chip = chip_of(world.person("04"))
    assert show_chip(world, world.verifications.start().id, chip) == "verified"
    (folder / "today.crl").write_bytes(revocation_list(csca(), [chip.signer], NOW))
    assert show_chip(world, world.verifications.start().id, chip) == "chip_signer_revoked"
    (folder / "broken.cer").write_bytes(b"no certificate")
    assert show_chip(world, world.verifications.start().id, chip) == "chip_signer_revoked"


def test_sha1_is_a_setting(tmp_path: Path, folder: Path) -> None:
    for accept, expected in ((False, "chip_algorithm_weak"), (True, "verified")):
        data = tmp_path / str(accept)
        data.mkdir()
        world = World(data, csca=folder, policy=Policy(chip=ChipPolicy(accept_sha1=accept)))
        old = chip_of(world.person("04"), Profile("rsa2048", "sha1"))
        assert show_chip(world, world.verifications.start().id, old) == expected
        world.close()
