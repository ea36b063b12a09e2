"""A verification from card photos and camera frames to the decision, nothing faked but the registry."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from ekyc.errors import EkycError
from ekyc.image import decode, encode_jpeg
from ekyc.policy import LivenessPolicy, Policy
from ekyc.registry.person import Card
from ekyc.specimen import photograph, print_card
from ekyc.types import Side
from tests.ekyc_samples import anew, citizen, other_order, quick_answer, timed
from tests.ekyc_world import World, card_photos


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def refused_document(world: World, verification_id: str, side: Side, photo: bytes) -> str:
    with pytest.raises(EkycError) as refused:
        world.verifications.add_document(verification_id, side, photo)
    return refused.value.code


def challenge_of(world: World, verification_id: str) -> tuple[str, ...]:
    record = world.store.load(verification_id)
    assert record is not None
    return record.progress.challenge


# The good case


@pytest.mark.parametrize("sample", ["03", "04", "09", "12"])
def test_an_honest_citizen_is_accepted(world: World, sample: str) -> None:
    person = world.person(sample)
    started = world.verifications.start()
    assert len(started.challenge) == 4
    first = world.verifications.add_document(started.id, "front", card_photos(person)["front"])
    assert (first.sides, first.complete) == (("front",), False)
    second = world.verifications.add_document(started.id, "back", card_photos(person)["back"])
    assert second.complete
    assert second.reading["number"]["value"] == person.number
    assert world.show_face(started.id, sample).state == "done"
    outcome = world.verifications.decide(started.id)
    assert (outcome.verdict, outcome.level, outcome.reasons) == ("accept", 2, ())
    assert outcome.person == replace(person, portrait=None)
    assert outcome.evidence["face_engine"] == "dlib-resnet-v1-mirrored"
    assert outcome.evidence["sha256"].keys() == {"front", "back", "face", "registry_portrait"}


def test_deciding_again_gives_the_same_answer_and_nothing_biometric_is_left(world: World) -> None:
    verification = world.with_card(world.person("04"))
    world.show_face(verification, "04")
    assert world.store.captures(verification).keys() == {"front", "back", "face"}
    first = world.verifications.decide(verification)
    assert world.verifications.decide(verification) == first
    assert world.store.captures(verification) == {}
    record = world.store.load(verification)
    assert record is not None
    assert (record.sides, record.faces) == ({}, ())
    assert world.verifications.get(verification).verdict == "accept"


def test_the_back_may_come_first_and_the_face_before_the_card(world: World) -> None:
    person = world.person("04")
    started = world.verifications.start()
    assert world.show_face(started.id, "04").state == "done"
    world.verifications.add_document(started.id, "back", card_photos(person)["back"])
    world.verifications.add_document(started.id, "front", card_photos(person)["front"])
    assert world.verifications.decide(started.id).verdict == "accept"


def test_only_marks_of_the_name_differ_and_the_registrys_spelling_counts(world: World) -> None:
    before = world.change("04", full_name="Tràn Khanh Linh")
    verification = world.with_card(before)
    world.show_face(verification, "04")
    outcome = world.verifications.decide(verification)
    assert outcome.verdict == "accept"
    assert outcome.person is not None
    assert outcome.person.full_name == "Tràn Khanh Linh"


# The card


def test_two_sides_swapped_and_one_side_twice(world: World) -> None:
    photos = card_photos(world.person("04"))
    started = world.verifications.start()
    assert refused_document(world, started.id, "front", photos["back"]) == "card_wrong_side"
    world.verifications.add_document(started.id, "front", photos["front"])
    assert refused_document(world, started.id, "back", photos["front"]) == "card_same_side_twice"
    assert world.verifications.get(started.id).sides == ("front",)


def test_front_and_back_of_different_cards_and_the_good_photo_stays(world: World) -> None:
    own, other = card_photos(world.person("04")), card_photos(world.person("12"))
    started = world.verifications.start()
    world.verifications.add_document(started.id, "front", own["front"])
    assert refused_document(world, started.id, "back", other["back"]) == "card_sides_differ"
    world.verifications.add_document(started.id, "back", own["back"])
    assert refused_document(world, started.id, "front", other["front"]) == "card_sides_differ"
    world.show_face(started.id, "04")
    assert world.verifications.decide(started.id).verdict == "accept"


def test_a_bad_photo_replaces_nothing(world: World) -> None:
    verification = world.with_card(world.person("04"))
    kept = world.store.captures(verification)
    assert refused_document(world, verification, "front", b"no picture") == "image_not_supported"
    assert refused_document(world, verification, "front", b"") == "image_empty"
    assert world.store.captures(verification) == kept
    assert world.verifications.get(verification).sides == ("front", "back")


def test_an_expired_card(world: World) -> None:
    person = world.person("04")
    expired = replace(person, card=replace(person.card, date_of_expiry=date(2026, 5, 31)))
    photos = card_photos(expired)
    started = world.verifications.start()
    world.verifications.add_document(started.id, "front", photos["front"])
    assert refused_document(world, started.id, "back", photos["back"]) == "card_expired"


def test_a_number_the_registry_does_not_know(world: World) -> None:
    person = world.person("04")
    unknown = replace(person, number=person.number[:6] + "999999")
    verification = world.with_card(unknown)
    world.show_face(verification, "04")
    outcome = world.verifications.decide(verification)
    assert (outcome.verdict, outcome.reasons, outcome.person) == ("reject", ("number_unknown",), None)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"life_status": "deceased"}, "person_deceased"),
        ({"full_name": "Hoàng Thị Kim Chi"}, "registry_mismatch"),
        ({"date_of_birth": date(2002, 3, 29)}, "registry_mismatch"),
        ({"sex": "male"}, "registry_mismatch"),
    ],
)
def test_the_registry_says_otherwise(world: World, values: dict[str, object], reason: str) -> None:
    before = world.change("04", **values)
    verification = world.with_card(before)
    world.show_face(verification, "04")
    outcome = world.verifications.decide(verification)
    assert (outcome.verdict, outcome.reasons, outcome.person) == ("reject", (reason,), None)
    assert world.store.captures(verification) == {}


@pytest.mark.parametrize("status", ["cancelled", "replaced"])
def test_a_card_the_registry_has_withdrawn(world: World, status: str) -> None:
    card = replace(world.person("04").card, status=status)  # type: ignore[arg-type]
    before = world.change("04", card=card)
    verification = world.with_card(before)
    world.show_face(verification, "04")
    assert world.verifications.decide(verification).reasons == (f"card_{status}",)


def test_a_child_under_fourteen(world: World) -> None:
    teenager = world.person("02")
    number = teenager.number[:4] + "13" + teenager.number[6:]
    card = Card("can_cuoc", date(2024, 8, 20), date(2027, 1, 9), "valid")
    child = replace(teenager, number=number, date_of_birth=date(2013, 1, 9), card=card)
    world.registry.add(child)
    verification = world.with_card(child)
    world.show_face(verification, "02")
    assert world.verifications.decide(verification).reasons == ("person_under_age",)


def test_a_birth_date_changed_on_the_card(world: World) -> None:
    """Print says one day, code and machine readable zone another: no photo of this card will do."""
    person = world.person("05")
    changed = replace(person, date_of_birth=person.date_of_birth + timedelta(days=1))
    forged = print_card(changed).front.copy()
    left, top, right, bottom = (round(mm * forged.shape[1] / 85.6) for mm in (68.0, 3.2, 82.4, 17.6))
    forged[top:bottom, left:right] = print_card(person).front[top:bottom, left:right]
    started = world.verifications.start()
    world.verifications.add_document(started.id, "front", photograph(forged, "easy", 7))
    back = card_photos(person)["back"]
    assert refused_document(world, started.id, "back", back) == "card_fields_contradict"


# The face


def test_the_face_of_someone_else(world: World) -> None:
    verification = world.with_card(world.person("04"))
    assert world.show_face(verification, "12").state == "done"
    outcome = world.verifications.decide(verification)
    assert (outcome.verdict, outcome.reasons, outcome.person) == ("reject", ("face_mismatch",), None)
    assert world.store.captures(verification) == {}


def test_a_lookalike_goes_to_an_officer_with_the_pictures(world: World) -> None:
    verification = world.with_card(world.person("03"))
    world.show_face(verification, "13")
    outcome = world.verifications.decide(verification)
    assert (outcome.verdict, outcome.level, outcome.reasons) == ("review", 0, ("face_doubtful",))
    assert outcome.person is not None
    assert world.store.captures(verification).keys() == {"front", "back", "face"}
    world.verifications.delete(verification)
    assert world.store.captures(verification) == {}


def test_frames_of_a_still_photo(world: World) -> None:
    started = world.verifications.start()
    photo = citizen("04").selfie()
    assert world.send(started.id, [photo] * 40).code == "liveness_still"


def test_frames_of_a_photo_held_by_a_shaking_hand(world: World) -> None:
    started = world.verifications.start()
    photo = citizen("04").frames("neutral")[0]
    assert world.send(started.id, [anew(photo) for _ in range(70)]).code == "liveness_still"


def test_another_person_takes_over_half_way(world: World) -> None:
    started = world.verifications.start()
    own = quick_answer("04", started.challenge)
    other = quick_answer("12", started.challenge)
    half = len(own) // 2
    assert world.send(started.id, own[:half] + other[half:]).code == "liveness_person_changed"


def test_the_challenge_answered_in_the_wrong_order(world: World) -> None:
    started = world.verifications.start()
    frames = quick_answer("04", other_order(started.challenge))
    held = [anew(frame) for frame in frames for _ in range(2)]  # every pose for two frames
    assert world.send(started.id, held).code == "liveness_wrong_order"


def test_frames_of_another_verification(world: World) -> None:
    first, second = world.verifications.start(), world.verifications.start()
    frames = quick_answer("04", first.challenge)
    assert world.send(first.id, frames).state == "done"
    assert world.send(second.id, frames).code == "liveness_frames_reused"


def test_nobody_and_then_two_people_in_front_of_the_camera(world: World) -> None:
    started = world.verifications.start()
    wall = encode_jpeg(np.full((640, 960, 3), 120, dtype=np.uint8))
    progress = world.verifications.add_frames(started.id, [(0, wall)])
    assert (progress.state, progress.hint) == ("continue", "no_face")
    two = [decode(citizen(sample).frames("neutral")[0]) for sample in ("01", "02")]
    both = encode_jpeg(np.hstack(two))
    assert world.verifications.add_frames(started.id, [(200, both)]).hint == "one_person"
    assert world.send(started.id, [anew(both) for _ in range(8)], 400).code == "face_several"


def test_after_a_failed_challenge_there_is_a_new_one(world: World) -> None:
    verification = world.with_card(world.person("04"))
    world.send(verification, [citizen("04").selfie()] * 40)
    assert world.verifications.get(verification).face.code == "liveness_still"
    with pytest.raises(EkycError, match="verification_incomplete"):
        world.verifications.decide(verification)
    world.verifications.restart_face(verification)
    assert world.show_face(verification, "04").state == "done"
    outcome = world.verifications.decide(verification)
    assert (outcome.verdict, outcome.evidence["liveness_attempts"]) == ("accept", 2)


def test_an_attempt_with_another_person_is_remembered(world: World) -> None:
    verification = world.with_card(world.person("04"))
    challenge = world.store.load(verification).progress.challenge  # type: ignore[union-attr]
    own, other = quick_answer("04", challenge), quick_answer("12", challenge)
    world.send(verification, own[:6] + other[6:])
    world.verifications.restart_face(verification)
    world.show_face(verification, "04")
    assert world.verifications.decide(verification).reasons == ("liveness_suspicious",)


def test_the_last_failed_attempt_decides(tmp_path: Path) -> None:
    world = World(tmp_path, policy=Policy(liveness=LivenessPolicy(max_attempts=2)))
    verification = world.with_card(world.person("04"))
    world.send(verification, [citizen("04").selfie()] * 40)
    world.verifications.restart_face(verification)
    assert world.verifications.get(verification).attempts_left == 0
    world.send(verification, [citizen("04").selfie()] * 40)
    with pytest.raises(EkycError, match="verification_closed"):
        world.verifications.restart_face(verification)
    assert world.verifications.decide(verification).reasons == ("liveness_still",)
    world.close()


def test_a_page_closed_half_way_starts_the_same_challenge_over(world: World) -> None:
    started = world.verifications.start()
    frames = quick_answer("04", started.challenge)
    world.send(started.id, frames[:6], start_ms=10_000)
    assert world.verifications.get(started.id).face.phase != "neutral"
    assert challenge_of(world, started.id) == started.challenge
    assert world.show_face(started.id, "04").state == "done"
    assert world.verifications.get(started.id).attempts_left == Policy().liveness.max_attempts - 2


def test_a_batch_sent_twice_counts_once(world: World) -> None:
    started = world.verifications.start()
    batch = timed(quick_answer("04", started.challenge)[:4])
    first = world.verifications.add_frames(started.id, batch)
    assert world.verifications.add_frames(started.id, batch) == first


# Wrong calls


def test_calls_on_nothing(world: World) -> None:
    calls = (
        lambda: world.verifications.get("ver_nothing"),
        lambda: world.verifications.decide("ver_nothing"),
        lambda: world.verifications.delete("ver_nothing"),
        lambda: world.verifications.restart_face("ver_nothing"),
        lambda: world.verifications.add_document("ver_nothing", "front", b"x"),
        lambda: world.verifications.add_frames("ver_nothing", [(0, b"x")]),
    )
    for call in calls:
        with pytest.raises(EkycError, match="verification_not_found"):
            call()


def test_deciding_too_early(world: World) -> None:
    started = world.verifications.start()
    with pytest.raises(EkycError, match="verification_incomplete"):
        world.verifications.decide(started.id)
    world.show_face(started.id, "04")
    with pytest.raises(EkycError, match="verification_incomplete"):
        world.verifications.decide(started.id)


def test_nothing_can_be_added_after_the_decision(world: World) -> None:
    verification = world.with_card(world.person("04"))
    world.show_face(verification, "04")
    world.verifications.decide(verification)
    photo = card_photos(world.person("04"))["front"]
    assert refused_document(world, verification, "front", photo) == "verification_closed"
    for call in (
        lambda: world.verifications.restart_face(verification),
        lambda: world.verifications.add_frames(verification, timed(quick_answer("04", ("blink",)))[:2]),
    ):
        with pytest.raises(EkycError, match="verification_closed"):
            call()


def test_photos_and_frames_are_bounded(tmp_path: Path) -> None:
    world = World(tmp_path, policy=Policy(max_photos=2))
    started = world.verifications.start()
    for _ in range(2):
        assert refused_document(world, started.id, "front", b"x") == "image_not_supported"
    assert refused_document(world, started.id, "front", b"x") == "verification_closed"
    frame = citizen("04").frames("neutral")[0]
    for frames, code in (([], "usage"), ([(n, frame) for n in range(17)], "usage")):
        with pytest.raises(EkycError, match=code):
            world.verifications.add_frames(started.id, frames)
    with pytest.raises(EkycError, match="image_too_large"):
        world.verifications.add_frames(started.id, [(0, frame + bytes(2 * 1024 * 1024))])
    world.close()


# Time and threads


def test_what_was_left_open_goes_after_a_day(world: World) -> None:
    verification = world.with_card(world.person("04"))
    world.pass_time(hours=23)
    world.verifications.start()
    assert world.verifications.get(verification).state == "open"
    world.pass_time(hours=2)
    world.verifications.start()
    with pytest.raises(EkycError, match="verification_not_found"):
        world.verifications.get(verification)
    assert world.store.captures(verification) == {}


def test_two_decisions_at_once_are_one(world: World) -> None:
    verification = world.with_card(world.person("04"))
    world.show_face(verification, "04")
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(world.verifications.decide, [verification] * 4))
    assert all(outcome == outcomes[0] for outcome in outcomes)
    asked = [a for a in world.registry.store.accesses() if a["operation"] == "match"]
    assert len(asked) >= 1


def test_concurrent_batches_lose_nothing(world: World) -> None:
    started = world.verifications.start()
    frames = timed([anew(citizen("04").frames("neutral")[n % 3]) for n in range(12)])
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda at: world.verifications.add_frames(started.id, frames[at : at + 4]), (0, 4, 8)))
    record = world.store.load(started.id)
    assert record is not None
    assert record.progress.last_ms == frames[-1][0]
    assert record.version >= 1
    assert len(record.faces) <= 1


# The officer


def test_an_officer_gets_the_registrys_record(world: World) -> None:
    person = world.person("04")
    assert world.verifications.person_for_officer(person.number) == replace(person, portrait=None)
    asked = world.registry.store.accesses()[-1]
    assert (asked["caller"], asked["purpose"]) == ("ekyc", "officer-assisted enrolment")
    with pytest.raises(EkycError, match="number_unknown"):
        world.verifications.person_for_officer("019099999999")
    world.change("04", life_status="deceased")
    with pytest.raises(EkycError, match="person_deceased"):
        world.verifications.person_for_officer(person.number)


# Attacks


def five_stills(challenge: tuple[str, ...]) -> list[bytes]:
    neutral = citizen("04").frames("neutral")[0]
    frames = [neutral] * 3
    for action in challenge:
        clip = citizen("04").frames(action)  # type: ignore[arg-type]
        frames += [clip[-1] if action.startswith("turn") else clip[2], neutral]
    return [anew(frame) for frame in frames]


def test_attack_five_still_photos_in_one_call(world: World) -> None:
    started = world.verifications.start()
    burst = [(1 + n, frame) for n, frame in enumerate(five_stills(started.challenge))]
    assert world.verifications.add_frames(started.id, burst).state != "done"
    assert world.verifications.get(started.id).face.step == 0


def test_attack_five_still_photos_at_leisure(world: World) -> None:
    started = world.verifications.start()
    held = [anew(frame) for frame in five_stills(started.challenge) for _ in range(3)]
    assert world.send(started.id, held).state != "done"


def test_attack_a_clock_ahead_of_ours(world: World) -> None:
    started = world.verifications.start()
    with pytest.raises(EkycError, match="usage"):
        world.verifications.add_frames(started.id, [(60_000, citizen("04").frames("neutral")[0])])


def test_attack_frames_that_all_have_one_time_are_counted_and_not_kept(world: World) -> None:
    started = world.verifications.start()
    frame = citizen("04").frames("neutral")[0]
    world.verifications.add_frames(started.id, [(5, frame)])
    for _ in range(LivenessPolicy().max_frames // 16 + 1):
        noise = [(5, b"never decoded")] * 16
        face = world.verifications.add_frames(started.id, noise)
    assert (face.state, face.code) == ("failed", "liveness_timeout")
    own = world.verifications.start()
    assert world.verifications.add_frames(own.id, [(5, anew(frame))]).state == "continue"


def test_attack_starting_over_does_not_reset_the_count(world: World) -> None:
    person = world.person("04")
    for _ in range(Policy().max_failures + 1):
        verification = world.with_card(person)
        world.send(verification, [citizen("12").selfie()] * 24)
        world.verifications.delete(verification)
    verification = world.with_card(person)
    world.show_face(verification, "04")
    outcome = world.verifications.decide(verification)
    assert (outcome.verdict, outcome.reasons) == ("review", ("liveness_suspicious",))


def test_a_rejection_keeps_nothing_that_was_read(world: World) -> None:
    verification = world.with_card(world.person("04"))
    world.show_face(verification, "12")
    answer = world.verifications.decide(verification).to_json()
    assert (answer["verdict"], answer["reasons"]) == ("reject", ["face_mismatch"])
    assert (answer["fields"], answer["checks"]) == ({}, [])
    record = world.store.load(verification)
    assert record is not None
    assert world.person("04").number not in str(record.outcome)
