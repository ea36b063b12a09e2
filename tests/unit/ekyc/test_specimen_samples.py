from __future__ import annotations

import io
from typing import get_args

from PIL import Image

from ekyc.specimen.samples import Action, sample_citizens


def test_thirteen_citizens_with_a_lookalike_pair() -> None:
    citizens = {c.id: c for c in sample_citizens()}
    assert len(citizens) == 13
    assert {c.id: c.lookalike_of for c in citizens.values() if c.lookalike_of} == {"13": "03"}


def test_every_action_of_everyone_has_frames_in_order() -> None:
    expected = {"neutral": 3, "turn_left": 7, "turn_right": 7, "blink": 5, "open_mouth": 5, "nod": 4}
    expected["move_closer"] = 4
    for citizen in sample_citizens():
        counts = {action: len(citizen.frames(action)) for action in get_args(Action)}
        assert counts == expected
        assert citizen.frames("turn_left")[0] != citizen.frames("turn_left")[6]


def test_pictures_have_the_promised_sizes() -> None:
    citizen = sample_citizens()[0]
    assert Image.open(io.BytesIO(citizen.portrait())).size == (600, 800)
    assert Image.open(io.BytesIO(citizen.selfie())).size == (720, 960)
    assert Image.open(io.BytesIO(citizen.frames("blink")[2])).size == (480, 640)
