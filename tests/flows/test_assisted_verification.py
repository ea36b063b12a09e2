"""A verification of somebody who cannot turn, nod or blink, with an officer standing by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ekyc_samples import anew, citizen
from tests.ekyc_world import World, card_photos


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def test_who_cannot_do_the_movements_is_assisted_and_an_officer_decides(world: World) -> None:
    person = world.person("04")
    started = world.verifications.start(assisted_by="officer-17")
    assert started.challenge == ()
    for side, photo in card_photos(person).items():
        world.verifications.add_document(started.id, side, photo)
    straight = [anew(frame) for frame in citizen("04").frames("neutral")]
    assert world.send(started.id, straight).state == "done"
    outcome = world.verifications.decide(started.id)
    assert (outcome.verdict, outcome.reasons) == ("review", ("liveness_assisted",))
    assert outcome.evidence["liveness_assisted_by"] == "officer-17"


def test_assisted_or_not_the_face_has_to_be_the_registrys(world: World) -> None:
    started = world.verifications.start(assisted_by="officer-17")
    for side, photo in card_photos(world.person("04")).items():
        world.verifications.add_document(started.id, side, photo)
    assert world.send(started.id, [anew(frame) for frame in citizen("12").frames("neutral")]).state == "done"
    assert world.verifications.decide(started.id).reasons == ("face_mismatch",)


def test_an_assisted_face_step_stays_one_when_it_starts_over(world: World) -> None:
    started = world.verifications.start(assisted_by="officer-17")
    assert world.verifications.restart_face(started.id).challenge == ()
    record = world.store.load(started.id)
    assert record is not None
    assert record.progress.assisted_by == "officer-17"
