"""The judge on rendered frames of all sample citizens: right answers pass, wrong orders do not."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from ekyc.errors import EkycError
from ekyc.face.dlib_engine import dlib_engine
from ekyc.image import encode_jpeg
from ekyc.liveness.challenge import ACTIONS, Action, new_challenge
from ekyc.liveness.judge import advance, start
from ekyc.liveness.observe import observe
from ekyc.liveness.progress import Observation, Progress
from ekyc.specimen.samples import sample_citizens
from tests.ekyc_samples import STEP_MS, anew, citizen, movement

SAMPLES = [c.id for c in sample_citizens()]
ORDERS = [new_challenge(ACTIONS, 6, rng=random.Random(n)) for n in range(8)]


@cache
def seen(frame: bytes) -> Observation:
    return observe(frame, 0, dlib_engine()).observation


def judged(challenge: Sequence[Action], frames: Sequence[bytes]) -> Progress:
    progress = start(tuple(challenge))
    for n, frame in enumerate(frames):
        progress = advance(progress, replace(seen(frame), at_ms=n * STEP_MS, arrived_ms=n * STEP_MS))
    return progress


def performed(sample: str, order: Sequence[Action]) -> list[bytes]:
    moves = [frame for action in order for frame in movement(sample, action)]
    return [*citizen(sample).frames("neutral"), *moves]


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_citizen_passes_every_order(sample: str) -> None:
    assert [order for order in ORDERS if judged(order, performed(sample, order)).state != "done"] == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_no_other_order_passes(sample: str) -> None:
    for asked, shown in itertools.permutations(ORDERS, 2):
        progress = judged(asked, performed(sample, shown))
        assert progress.state != "done"
        # a blink is never called wrong, and one open mouth is short enough to be forgiven: neither helps
        if asked[0] != shown[0] and shown[0].startswith("turn"):
            assert progress.code == "liveness_wrong_order"


def test_a_still_photo_fails() -> None:
    photo = citizen("05").frames("neutral")[0]
    shaky = [anew(photo) for _ in range(70)]
    assert judged(ORDERS[0], shaky).code == "liveness_still"
    assert judged(ORDERS[0], [photo] * 30).code == "liveness_still"


def test_a_frame_without_a_face() -> None:
    wall = encode_jpeg(np.full((640, 480, 3), 100, dtype=np.uint8))
    frame = observe(wall, 7, dlib_engine())
    assert (frame.face, frame.observation.faces, frame.observation.at_ms) == (None, 0, 7)


def test_a_frame_with_two_people() -> None:
    left, right = (observe(citizen(i).frames("neutral")[0], 0, dlib_engine()).image for i in ("01", "02"))
    both = encode_jpeg(np.hstack([left, right]))
    assert observe(both, 0, dlib_engine()).observation.faces == 2


def test_the_digest_is_of_the_pixels() -> None:
    frame = citizen("01").frames("neutral")[0]
    assert seen(frame).sha256 == seen(frame + b"trailing").sha256
    assert seen(frame).sha256 != seen(anew(frame)).sha256


def test_a_frame_is_an_image_of_sensible_size() -> None:
    with pytest.raises(EkycError, match="image_not_supported"):
        observe(b"no picture", 0, dlib_engine())
    with pytest.raises(EkycError, match="image_too_large"):
        observe(encode_jpeg(np.zeros((300, 2001, 3), dtype=np.uint8)), 0, dlib_engine())
