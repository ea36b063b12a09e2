"""The patch that says whether the face of this frame is surely that of the frame before."""

from __future__ import annotations

import numpy as np
import pytest

from ekyc.face.dlib_engine import dlib_engine
from ekyc.image import decode
from ekyc.liveness.continuity import likeness, patch
from ekyc.policy import LivenessPolicy
from tests.ekyc_samples import citizen

LIMIT = LivenessPolicy().continuous


def patch_of(frame: bytes, gain: float = 1.0) -> str:
    image = decode(frame)
    face = dlib_engine().detect_near(image)[0]
    return patch(np.clip(image * gain, 0, 255).astype(np.uint8), face.landmarks)


@pytest.mark.parametrize("sample", ["01", "04", "09"])
def test_one_person_a_frame_later_is_alike_whatever_the_light(sample: str) -> None:
    first, second = citizen(sample).frames("neutral")[:2]
    assert likeness(patch_of(first), patch_of(second)) > 0.9
    assert likeness(patch_of(first), patch_of(second, 0.6)) > 0.9


@pytest.mark.parametrize(("one", "other"), [("01", "05"), ("04", "08"), ("09", "11"), ("02", "07")])
def test_another_person_in_the_same_pose_is_not(one: str, other: str) -> None:
    a, b = (patch_of(citizen(sample).frames("neutral")[0]) for sample in (one, other))
    assert likeness(a, b) < LIMIT


def test_a_patch_without_contrast_is_like_nothing() -> None:
    grey = bytes(576).hex()
    assert likeness(grey, grey) == 0
