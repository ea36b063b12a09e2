"""One face, two numbers: an officer looks, and nobody is refused for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ekyc.face.dlib_engine import dlib_engine
from ekyc.face.match import embed_photo
from ekyc.usecases.results import Outcome
from tests.ekyc_samples import citizen
from tests.ekyc_world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path)
    yield opened
    opened.close()


def decided(world: World, card_of: str, face_of: str) -> Outcome:
    verification = world.with_card(world.person(card_of))
    assert world.show_face(verification, face_of).state == "done"
    return world.verifications.decide(verification)


def test_a_second_number_goes_to_an_officer_with_the_candidate_as_evidence(world: World) -> None:
    first = decided(world, "04", "04")
    assert first.verdict == "accept"
    world.verifications.delete(first.id, enrolled=True)
    again = decided(world, "04", "04")
    assert (again.verdict, again.reasons) == ("accept", ())
    world.verifications.delete(again.id)  # never became an account of its own
    stolen = replace(world.person("09"), portrait=world.person("04").portrait)
    world.registry.update(stolen)
    second = decided(world, "09", "04")
    assert (second.verdict, second.reasons) == ("review", ("face_enrolled_elsewhere",))
    assert [one["verification"] for one in second.evidence["duplicates"]] == [first.id]
    assert first.id not in str(second.to_json())
    world.verifications.forget(world.person("04").number)
    world.verifications.delete(second.id)
    third = decided(world, "09", "04")
    assert third.verdict == "accept"


def test_a_rejected_applicants_face_is_not_kept(world: World) -> None:
    assert decided(world, "12", "04").verdict == "reject"
    neutral = embed_photo(citizen("04").frames("neutral")[0], dlib_engine())
    assert world.duplicates.search("another number", neutral, 1e-3, 1e-4) == []
    accepted = decided(world, "04", "04")
    found = world.duplicates.search("another number", neutral, 1e-3, 1e-4)
    assert [one.verification_id for one in found] == [accepted.id]
