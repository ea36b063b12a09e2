"""Each cue is raised by its attack and by no honest photo; a raised cue is seen by an officer, no more."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ekyc.document.locate import locate
from ekyc.document.read import read_side
from ekyc.image import decode, encode_jpeg
from ekyc.specimen import attacks
from ekyc.specimen.photograph import Level, photograph
from ekyc.specimen.printer import print_card
from ekyc.types import Side
from tests.specimen_people import dao


def raised(photo: bytes) -> set[str]:
    """Names of failed cues, without the side."""
    checks = read_side(photo).checks
    return {c.name.rpartition("_")[0] for c in checks if c.outcome == "fail" and not c.name.startswith("mrz")}


@pytest.mark.parametrize(("kind", "side"), [("cccd_chip", "front"), ("can_cuoc", "back")])
@pytest.mark.parametrize("level", ["easy", "hard"])
def test_an_honest_photo_raises_nothing(kind: str, side: Side, level: Level) -> None:
    card = print_card(dao(kind))  # type: ignore[arg-type]
    assert raised(photograph(getattr(card, side), level, 12)) == set()


@pytest.mark.parametrize(
    ("forge", "cue"), [(attacks.photocopied, "photocopy"), (attacks.recoloured, "palette")]
)
def test_a_copy_and_a_reprint(forge: Callable[[np.ndarray, int], np.ndarray], cue: str) -> None:
    front = print_card(dao("can_cuoc")).front
    assert cue in raised(photograph(forge(front, 3), "ordinary", 3))


def test_a_picture_that_no_camera_took() -> None:
    assert raised(encode_jpeg(print_card(dao("cccd_chip")).front, 90)) == {"spliced_portrait"}


def test_a_portrait_set_into_the_photo() -> None:
    front = print_card(dao("cccd_chip")).front
    photo = decode(photograph(front, "ordinary", 4))
    corners = locate(photo)
    upright = corners if corners[0].sum() < corners[2].sum() else np.roll(corners, 2, 0)
    forged = attacks.spliced(photo, upright, front[:, ::-1].copy(), (0.71, 0.32, 0.955, 0.90), 5)
    other = attacks.spliced(photo, upright, front, attacks.PORTRAIT, 5)
    assert "spliced_portrait" not in raised(encode_jpeg(forged, 90))
    assert "spliced_portrait" in raised(encode_jpeg(other, 90))
