"""Passive cues and the light: what a single picture says."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ekyc.evaluate.effects import on_screen
from ekyc.face.dlib_engine import dlib_engine
from ekyc.image import decode
from ekyc.liveness.light import brightened
from ekyc.liveness.moire import moire
from ekyc.policy import LivenessPolicy
from ekyc.ports import Face
from tests.ekyc_samples import anew, citizen

LIMIT = LivenessPolicy().moire


@pytest.mark.parametrize("sample", ["01", "06", "12"])
def test_a_screen_shows_waves_and_a_person_does_not(sample: str) -> None:
    image = decode(anew(citizen(sample).frames("neutral")[0]))
    face = dlib_engine().detect_near(image)[0]
    assert moire(image, face) < LIMIT
    for pitch in (1.3, 2.1):
        assert moire(on_screen(image, np.random.default_rng(1), pitch, 0.3), face) > LIMIT


def test_a_screen_out_of_focus_is_not_seen() -> None:
    """The limit of the cue, kept in view: it proves nothing by its absence."""
    image = decode(citizen("01").frames("neutral")[0])
    face = dlib_engine().detect_near(image)[0]
    unsharp = cv2.GaussianBlur(on_screen(image, np.random.default_rng(1), 2.1, 0.3), (0, 0), 4)
    noisy = unsharp + np.random.default_rng(1).normal(0, 3, unsharp.shape)
    assert moire(np.clip(noisy, 0, 255).astype(np.uint8), face) < LIMIT


def test_a_picture_smaller_than_the_window_is_measured_too() -> None:
    small = np.random.default_rng(1).integers(0, 255, (200, 210, 3), dtype=np.uint8)
    assert 1 < moire(small, Face(20, 20, 180, 180, np.zeros((68, 2)))) < LIMIT


def test_a_dark_frame_becomes_brighter_and_a_bright_one_stays() -> None:
    bright = np.full((64, 48, 3), 120, dtype=np.uint8)
    assert brightened(bright) is bright
    dark = brightened(np.full((64, 48, 3), 40, dtype=np.uint8))
    assert int(dark[0, 0, 0]) == 110
    assert int(brightened(np.zeros((64, 48, 3), dtype=np.uint8)).max()) == 0
