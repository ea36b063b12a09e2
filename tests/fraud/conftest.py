"""One installation for each test, and what the engine said of a case, for the table in ``docs/fraud.md``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ekyc.errors import EkycError
from ekyc.types import Side
from ekyc.usecases.results import Outcome
from tests.ekyc_world import World

Said = Callable[[str, str], None]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def said(record_property: Callable[[str, object], None]) -> Said:
    """said(outcome, code): goes into the table."""
    return lambda outcome, code: record_property("said", f"{outcome}: `{code}`" if code else outcome)


def decided(world: World, verification: str, sample: str) -> Outcome:
    """The citizen of this sample shows the face, at the second try if the first went wrong; the verdict."""
    if world.show_face(verification, sample).state != "done":
        world.verifications.restart_face(verification)
        assert world.show_face(verification, sample).state == "done"
    return world.verifications.decide(verification)


def refusal(world: World, verification: str, side: Side, photo: bytes) -> str:
    """The code with which a photo is refused."""
    with pytest.raises(EkycError) as refused:
        world.verifications.add_document(verification, side, photo)
    return refused.value.code
