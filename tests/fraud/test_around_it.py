"""Around the check itself: cases 20, 32, 33, 35."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from ekyc.errors import EkycError
from ekyc.policy import Policy
from ekyc.store.engine import open_engine
from ekyc.usecases.explain import explain
from idp.adapters.vault import Vault
from idp.domain.models import Account, Profile
from idp.store.engine import open_engine as open_provider
from idp.store.sql import SqlStore
from tests.ekyc_samples import anew, citizen
from tests.ekyc_world import World, card_photos
from tests.fraud.conftest import Said, decided


def test_20_a_second_account_on_one_number(tmp_path: Path, said: Said) -> None:
    """The provider's; its pages then offer sign-in and recovery (tests/flows/test_enrolment.py)."""
    person = Profile("019304000127", "Nguyễn Thị Mai", date(2004, 3, 15), "female", "Việt Nam", "A", "B", "C")
    engine = open_provider(f"sqlite:///{tmp_path / 'idp.db'}")
    with SqlStore(engine, Vault(b"k" * 32)).begin() as tx:
        assert tx.accounts.add(Account("first", person, 2, 1_800_000_000))
        assert not tx.accounts.add(Account("second", person, 2, 1_800_000_001))
    engine.dispose()
    said("reject", "account_exists")


def test_32_after_many_failures_an_officer_looks(tmp_path: Path, said: Said) -> None:
    policy = Policy(max_failures=1)
    world = World(tmp_path, policy=policy)
    for _ in range(2):
        photo = anew(citizen("04").selfie())
        assert world.send(world.with_card(world.person("04")), [photo] * 40).code == "liveness_still"
    outcome = decided(world, world.with_card(world.person("04")), "04")
    assert (outcome.verdict, outcome.reasons) == ("review", ("liveness_suspicious",))
    said("review", "liveness_suspicious")
    world.close()


def test_33_a_near_miss_and_a_wide_one_are_told_the_same(world: World, said: Said) -> None:
    answers = []
    for stranger in ("12", "05"):
        verification = world.with_card(world.person("04"))
        public = decided(world, verification, stranger).to_json()
        assert public.pop("id") == verification
        answers.append(public)
    assert answers[0] == answers[1]
    assert answers[0]["reasons"] == ["face_mismatch"]
    assert (answers[0]["checks"], answers[0]["fields"], answers[0]["person"]) == ([], {}, None)
    said("reject", "face_mismatch, nothing else")


def test_35_a_picture_exchanged_after_the_decision(world: World, tmp_path: Path, said: Said) -> None:
    world.change("04", portrait=None)  # an officer has to look, so the pictures stay
    verification = world.with_card(world.person("04"))
    assert decided(world, verification, "04").verdict == "review"
    with pytest.raises(EkycError, match="verification_closed"):
        world.verifications.add_document(verification, "front", card_photos(world.person("12"))["front"])
    assert explain(world.store, verification).agrees
    engine = open_engine(f"sqlite:///{tmp_path / 'ekyc.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE captures SET image = x'00' WHERE kind = 'front'"))
    engine.dispose()
    found = explain(world.store, verification)
    assert (found.agrees, found.pictures["front"]) == (False, False)
    said("reject", "verification_closed")


def test_19_a_face_that_is_enrolled_under_another_number(world: World, said: Said) -> None:
    first = decided(world, world.with_card(world.person("04")), "04")
    assert first.verdict == "accept"
    world.verifications.delete(first.id, enrolled=True)
    world.change("09", portrait=world.person("04").portrait)
    outcome = decided(world, world.with_card(world.person("09")), "04")
    assert (outcome.verdict, outcome.reasons) == ("review", ("face_enrolled_elsewhere",))
    assert first.id not in str(outcome.to_json())
    said("review", "face_enrolled_elsewhere")
