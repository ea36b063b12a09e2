"""In front of the lens: cases 7, 8, 13 to 17, 21, 26, 36."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import cv2
import numpy as np
import pytest
from PIL import Image as PilImage

from ekyc.image import decode, encode_jpeg
from ekyc.registry.person import Card
from ekyc.specimen import photograph, print_card
from ekyc.specimen.papers import print_paper
from tests.ekyc_world import World, card_photos
from tests.fraud.conftest import Said, decided, refusal
from tests.hostile.test_bad_pictures import saved

_QR_MM = (68.0, 3.2, 82.4, 17.6)  # of the 2021 card's front


def test_07_a_birth_date_is_printed_over(world: World, said: Said) -> None:
    """The code and the zone keep the old one."""
    person = world.person("05")
    changed = replace(
        person, date_of_birth=person.date_of_birth.replace(day=person.date_of_birth.day % 28 + 1)
    )
    forged = print_card(changed).front.copy()
    left, top, right, bottom = (round(mm * forged.shape[1] / 85.6) for mm in _QR_MM)
    forged[top:bottom, left:right] = print_card(person).front[top:bottom, left:right]
    started = world.verifications.start()
    world.verifications.add_document(started.id, "front", photograph(forged, "easy", 7))
    code = refusal(world, started.id, "back", card_photos(person)["back"])
    assert code == "card_fields_contradict"
    said("reject", code)


def test_08_the_forgers_portrait_on_anothers_card(world: World, said: Said) -> None:
    person = world.person("04")
    forged = print_card(replace(person, portrait=world.person("12").portrait))
    started = world.verifications.start()
    world.verifications.add_document(started.id, "front", photograph(forged.front, "easy", 7))
    world.verifications.add_document(started.id, "back", card_photos(person)["back"])
    outcome = decided(world, started.id, "12")
    assert (outcome.verdict, outcome.reasons) == ("reject", ("face_mismatch",))
    said("reject", "face_mismatch")


def test_13_the_front_of_one_card_and_the_back_of_another(world: World, said: Said) -> None:
    started = world.verifications.start()
    world.verifications.add_document(started.id, "front", card_photos(world.person("04"))["front"])
    code = refusal(world, started.id, "back", card_photos(world.person("12"))["back"])
    assert code == "card_sides_differ"
    said("reject", code)


def test_14_the_same_side_twice(world: World, said: Said) -> None:
    photo = card_photos(world.person("04"))["front"]
    started = world.verifications.start()
    world.verifications.add_document(started.id, "front", photo)
    code = refusal(world, started.id, "back", photo)
    assert code == "card_same_side_twice"
    said("retry", code)


def test_15_an_expired_card(world: World, said: Said) -> None:
    person = world.person("04")
    assert person.card.date_of_expiry is not None
    world.now = datetime.combine(person.card.date_of_expiry, datetime.min.time(), UTC).replace(hour=20)
    started = world.verifications.start()
    world.verifications.add_document(started.id, "front", card_photos(person)["front"])
    code = refusal(world, started.id, "back", card_photos(person)["back"])
    assert code == "card_expired"
    said("reject", code)


@pytest.mark.parametrize(
    ("paper", "expected"), [("cmnd_9_front", "card_cmnd_ended"), ("driving_licence", "card_other_paper")]
)
def test_16_papers_that_are_no_citizen_card(world: World, said: Said, paper: str, expected: str) -> None:
    photo = photograph(print_paper(paper, world.person("04")), "easy", 5)  # type: ignore[arg-type]
    code = refusal(world, world.verifications.start().id, "front", photo)
    assert code == expected
    said("reject", code)


def test_17_a_child_under_fourteen(world: World, said: Said) -> None:
    teenager = world.person("02")
    number = teenager.number[:4] + "13" + teenager.number[6:]
    card = Card("can_cuoc", date(2024, 8, 20), date(2027, 1, 9), "valid")
    child = replace(teenager, number=number, date_of_birth=date(2013, 1, 9), card=card)
    world.registry.add(child)
    outcome = decided(world, world.with_card(child), "02")
    assert (outcome.verdict, outcome.reasons) == ("reject", ("person_under_age",))
    said("reject", "person_under_age")


@pytest.mark.parametrize("status", ["cancelled", "replaced"])
def test_21_a_card_whose_number_was_cancelled(world: World, said: Said, status: str) -> None:
    card = replace(world.person("04").card, status=status)  # type: ignore[arg-type]
    outcome = decided(world, world.with_card(world.change("04", card=card)), "04")
    assert (outcome.verdict, outcome.reasons) == ("reject", (f"card_{status}",))
    said("reject", f"card_{status}")


def test_26_however_the_phone_was_held(said: Said) -> None:
    """Pixel for pixel the same picture, so whatever is read is the same."""
    scene = PilImage.fromarray(np.random.default_rng(1).integers(0, 256, (240, 320, 3), dtype=np.uint8))
    turns = PilImage.Transpose
    stored = {
        1: None,
        2: turns.FLIP_LEFT_RIGHT,
        3: turns.ROTATE_180,
        4: turns.FLIP_TOP_BOTTOM,
        5: turns.TRANSPOSE,
        6: turns.ROTATE_90,
        7: turns.TRANSVERSE,
        8: turns.ROTATE_270,
    }
    for orientation, turn in stored.items():
        exif = PilImage.Exif()
        exif[0x0112] = orientation
        picture = scene if turn is None else scene.transpose(turn)
        assert (decode(saved(picture, "PNG", exif=exif)) == np.asarray(scene)).all()
    said("accept", "")


def test_36_blur_and_glare_are_named_and_a_hard_photo_is_read(world: World, said: Said) -> None:
    person = world.person("04")
    started = world.verifications.start()
    front = print_card(person).front
    sharp = decode(card_photos(person)["front"])
    blurred = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 14), np.uint8)
    assert refusal(world, started.id, "front", encode_jpeg(blurred)) == "card_blurred"
    y, x = np.mgrid[0:1000, 0:1586].astype(np.float32)
    lamp = np.clip(2.2 * np.exp(-(((x - 830) / 760) ** 2) - ((y - 520) / 420) ** 2), 0, 1)[..., None]
    lit = (front * (1 - lamp) + 255 * lamp).astype(np.uint8)
    assert refusal(world, started.id, "front", photograph(lit, "easy", 1)) == "card_glare"
    hard = world.verifications.add_document(started.id, "front", photograph(front, "hard", 3))
    assert hard.reading["number"]["value"] == person.number
    said("retry", "card_blurred, card_glare")
