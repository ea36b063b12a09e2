"""Pictures that show no original card: cases 9, 11 and 12, each seen by an officer."""

from __future__ import annotations

import pytest

from ekyc.image import encode_jpeg
from ekyc.registry.person import Person
from ekyc.specimen import attacks, photograph, print_card
from tests.ekyc_world import World, card_photos
from tests.fraud.conftest import Said, decided


def looked_at(world: World, person: Person, front: bytes) -> set[str]:
    """The checks that failed, where the front is this picture and all else is honest."""
    started = world.verifications.start()
    world.verifications.add_document(started.id, "front", front)
    world.verifications.add_document(started.id, "back", card_photos(person)["back"])
    outcome = decided(world, started.id, "04")
    assert (outcome.verdict, outcome.reasons) == ("review", ("document_doubtful",))
    return {check["name"] for check in outcome.checks if check["outcome"] == "fail"}


@pytest.fixture
def person(world: World) -> Person:
    return world.person("04")


def test_09_a_photocopy(world: World, person: Person, said: Said) -> None:
    copy = attacks.photocopied(print_card(person).front, 3)
    assert "photocopy_front" in looked_at(world, person, photograph(copy, "ordinary", 3))
    said("review", "document_doubtful, photocopy_front")


def test_11_a_picture_that_no_camera_took(world: World, person: Person, said: Said) -> None:
    picture = encode_jpeg(print_card(person).front, 90)
    assert looked_at(world, person, picture) == {"spliced_portrait_front"}
    said("review", "document_doubtful, spliced_portrait_front")


def test_12_a_reprint_in_other_colours(world: World, person: Person, said: Said) -> None:
    reprint = attacks.recoloured(print_card(person).front, 3)
    assert "palette_front" in looked_at(world, person, photograph(reprint, "ordinary", 3))
    said("review", "document_doubtful, palette_front")
