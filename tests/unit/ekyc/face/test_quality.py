"""Each gate: silent on the sample citizens as they are, heard when the same picture is made worse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest

from ekyc.errors import message
from ekyc.face.dlib_engine import dlib_engine
from ekyc.face.quality.assess import assess
from ekyc.image import decode
from ekyc.policy import QualityPolicy
from ekyc.ports import Face, Image
from tests.ekyc_samples import citizen

POLICY = QualityPolicy()
SAMPLES = ("01", "05", "09")
Change = Callable[[Image, Face], Image]


@cache
def shot(sample: str) -> tuple[Image, Face]:
    image = decode(citizen(sample).frames("neutral")[0])
    return image, dlib_engine().detect_near(image)[0]


def darker(image: Image, face: Face) -> Image:
    return np.asarray(image * 0.2, dtype=np.uint8)


def brighter(image: Image, face: Face) -> Image:
    return np.clip(image.astype(np.int16) + 130, 0, 255).astype(np.uint8)


def lit_from_the_side(image: Image, face: Face) -> Image:
    middle = (face.left + face.right) / 2
    light = 0.15 + 0.85 / (1 + np.exp(-(np.arange(image.shape[1]) - middle) / (face.height / 12)))
    return np.asarray(image * light[None, :, None], dtype=np.uint8)


def blurred(image: Image, face: Face) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), face.height / 30), dtype=np.uint8)


def with_dark_glasses(image: Image, face: Face) -> Image:
    out, points = image.copy(), face.landmarks
    width = np.linalg.norm(points[39] - points[36])
    for eye in (points[36:42], points[42:48]):
        centre = tuple(int(value) for value in eye.mean(axis=0))
        cv2.ellipse(out, centre, (int(width * 0.95), int(width * 0.7)), 0, 0, 360, (15, 15, 18), -1)
    return out


def with_a_blue_scarf(image: Image, face: Face) -> Image:
    """Below the nose, so that the cheeks are seen."""
    points = face.landmarks
    outline = np.concatenate([points[4:13], [points[33]]]).astype(np.int32)
    return np.asarray(cv2.fillPoly(image.copy(), [outline], (60, 110, 210)), dtype=np.uint8)


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("picture", ["portrait", "selfie", "neutral"])
def test_the_citizens_are_good_enough_as_they_are(sample: str, picture: str) -> None:
    one = citizen(sample)
    data = one.frames("neutral")[1] if picture == "neutral" else getattr(one, picture)()
    image = decode(data)
    faces = dlib_engine().detect(image)
    assert assess(image, faces[0], POLICY, faces) == ()


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (darker, "face_too_dark"),
        (brighter, "face_too_bright"),
        (lit_from_the_side, "face_light_uneven"),
        (blurred, "face_blurred"),
        (with_dark_glasses, "face_eyes_covered"),
        (with_a_blue_scarf, "face_mouth_covered"),
    ],
)
def test_what_is_wrong_is_said(sample: str, change: Change, code: str) -> None:
    image, face = shot(sample)
    assert code in assess(change(image, face), face, POLICY)
    for locale in ("vi", "en"):
        assert len(message(code, locale)) > 30


def test_a_turned_and_a_tilted_head() -> None:
    image, face = shot("01")
    aside = face.landmarks.copy()
    aside[30, 0] = aside[16, 0] - 5
    assert assess(image, replace(face, landmarks=aside), POLICY) == ("face_turned",)
    turn = cv2.getRotationMatrix2D(tuple(face.landmarks[30]), 35, 1.0)
    tilted = face.landmarks @ turn[:, :2].T + turn[:, 2]
    picture = np.asarray(cv2.warpAffine(image, turn, image.shape[1::-1]), dtype=np.uint8)
    assert "face_turned" in assess(picture, replace(face, landmarks=tilted), POLICY)


def test_a_far_face_and_a_second_one() -> None:
    image, face = shot("01")
    strict = replace(POLICY, eye_distance=1000)
    assert assess(image, face, strict)[0] == "face_too_small"
    other = replace(face, bottom=face.top + round(face.height * 0.6))
    assert assess(image, face, POLICY, [face, other]) == ("face_several",)
    bystander = replace(face, bottom=face.top + round(face.height * 0.4))
    assert assess(image, face, POLICY, [face, bystander]) == ()
