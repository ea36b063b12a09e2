"""The face step asks for light and an open face before it asks for anything else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ekyc.image import decode, encode_jpeg
from ekyc.policy import Policy
from tests.ekyc_samples import anew, citizen
from tests.ekyc_world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World(tmp_path)
    yield opened
    opened.close()


def half_dark(frame: bytes) -> bytes:
    image = decode(frame)
    light = np.where(np.arange(image.shape[1]) < image.shape[1] / 2, 0.12, 1.0)
    return encode_jpeg(np.asarray(image * light[None, :, None], dtype=np.uint8), 92)


def frames(count: int) -> list[bytes]:
    neutral = citizen("04").frames("neutral")
    return [half_dark(anew(neutral[i % len(neutral)])) for i in range(count)]


def test_bad_light_is_said_and_the_step_goes_on_in_good_light(world: World) -> None:
    started = world.verifications.start()
    seen = world.send(started.id, frames(8))
    assert (seen.phase, seen.hint, seen.state) == ("neutral", "face_light_uneven", "continue")
    good = [anew(frame) for frame in citizen("04").frames("neutral")]
    seen = world.send(started.id, [*good, *good], start_ms=2000)
    assert seen.phase == "act"


def test_nobody_is_locked_out_by_the_light(world: World) -> None:
    started = world.verifications.start()
    most = Policy().liveness.quality.insist_frames
    seen = world.send(started.id, frames(most + 12))
    assert seen.phase == "act"
