"""In front of the camera: cases 1 to 3, 5, 6, 18, 22, 31."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from ekyc.errors import EkycError
from ekyc.image import decode, encode_jpeg
from ekyc.ports import Image
from ekyc.usecases.results import FaceProgress
from tests.ekyc_samples import anew, citizen, other_order, quick_answer, timed
from tests.ekyc_world import World
from tests.fraud.conftest import Said, decided


def moved(picture: Image, turn: float = 0, nod: float = 0, size: float = 1, shift: float = 0) -> bytes:
    """A flat picture held in the hand: turned about its edges (perspective), nearer, aside."""
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    x, y = corners[:, 0] - width / 2, corners[:, 1] - height / 2
    depth = 1 + turn * x / width + nod * y / height
    place = np.stack([x * math.cos(turn) / depth, y * math.cos(nod) / depth], axis=1) * size
    target = (place + np.array([width / 2 + shift, height / 2])).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    warped = cv2.warpPerspective(picture, matrix, (width, height), borderValue=(90, 90, 90))
    return anew(encode_jpeg(np.asarray(warped, np.uint8)))


_FLAT = {
    "turn_left": {"turn": -0.5},
    "turn_right": {"turn": 0.5},
    "nod": {"nod": 0.45},
    "move_closer": {"size": 1.35},
}


def flat_answer(sample: str, challenge: tuple[str, ...], alive: tuple[str, ...] = ()) -> list[bytes]:
    """A photo moved the way that is asked for; the actions in ``alive`` are done by the person behind it."""
    photo = decode(citizen(sample).frames("neutral")[0])
    frames = [anew(frame) for frame in citizen(sample).frames("neutral")[:4]]
    for action in challenge:
        if action in alive:
            frames += [anew(frame) for frame in citizen(sample).frames(action)]  # type: ignore[arg-type]
        else:
            ways = _FLAT.get(action, {"shift": 25.0})
            for part in (0.35, 0.7, 1.0, 1.0, 0.6, 0.2):
                flat = {k: 1 + (v - 1) * part if k == "size" else v * part for k, v in ways.items()}
                frames.append(moved(photo, **flat))
        frames += [anew(frame) for frame in citizen(sample).frames("neutral")[:2]]
    return frames


def challenge_of(world: World, verification: str) -> tuple[str, ...]:
    record = world.store.load(verification)
    assert record is not None
    return record.progress.challenge


def never_done(world: World, verification: str, progress: FaceProgress) -> str:
    """The code; where the face step still waits for the right movement, that of waiting for ever."""
    assert progress.state != "done"
    if progress.code is None:
        world.pass_time(minutes=3)
        progress = world.verifications.add_frames(
            verification, [(60_000, anew(citizen("04").frames("neutral")[0]))]
        )
    assert progress.code is not None
    return progress.code


def test_01_a_printed_photo_is_waved_about(world: World, said: Said) -> None:
    started = world.verifications.start()
    photo = decode(citizen("04").frames("neutral")[0])
    waves = [
        moved(photo, 0.04 * math.sin(n), 0.03 * math.cos(n / 2), 1, 6 * math.sin(n / 3)) for n in range(70)
    ]
    said("reject", never_done(world, started.id, world.send(started.id, waves)))


def test_02_an_earlier_video_of_the_person_is_played(world: World, said: Said) -> None:
    started = world.verifications.start()
    frames = quick_answer("04", other_order(challenge_of(world, started.id)))  # type: ignore[arg-type]
    progress = world.send(started.id, [anew(frame) for frame in frames for _ in range(2)])
    said("reject", never_done(world, started.id, progress))
    assert progress.code == "liveness_wrong_order"


def test_03_eyes_and_mouth_move_behind_a_printed_mask(world: World, said: Said) -> None:
    started = world.verifications.start()
    frames = flat_answer("04", challenge_of(world, started.id), alive=("blink", "open_mouth"))
    said("reject", never_done(world, started.id, world.send(started.id, frames)))


def test_05_frames_that_come_faster_than_life(world: World, said: Said) -> None:
    """A file is fed in instead of a camera: all of the answer within a moment of the server's clock."""
    started = world.verifications.start()
    frames = timed(quick_answer("04", started.challenge))
    for first in range(0, len(frames), 12):
        progress = world.verifications.add_frames(started.id, frames[first : first + 12])
    said("reject", never_done(world, started.id, progress))
    with pytest.raises(EkycError, match="usage"):
        world.verifications.add_frames(started.id, [(300_000, frames[0][1])])


def test_06_the_face_slips_into_another(world: World, said: Said) -> None:
    started = world.verifications.start()
    own, other = quick_answer("04", started.challenge), quick_answer("12", started.challenge)
    half = len(own) // 2
    progress = world.send(started.id, own[:half] + other[half:])
    assert progress.code == "liveness_person_changed"
    said("reject", progress.code)


def test_18_somebody_else_with_a_genuine_card(world: World, said: Said) -> None:
    outcome = decided(world, world.with_card(world.person("04")), "12")
    assert (outcome.verdict, outcome.reasons) == ("reject", ("face_mismatch",))
    said("reject", "face_mismatch")


def test_18_a_relative_who_looks_alike(world: World, said: Said) -> None:
    outcome = decided(world, world.with_card(world.person("03")), "13")
    assert outcome.verdict in ("review", "reject")
    said(outcome.verdict, f"{outcome.reasons[0]} (look-alike)")


def test_22_pictures_of_an_earlier_session(world: World, said: Said) -> None:
    first, second = world.verifications.start(), world.verifications.start()
    frames = quick_answer("04", first.challenge)
    assert world.send(first.id, frames).state == "done"
    progress = world.send(second.id, frames)
    assert progress.code == "liveness_frames_reused"
    said("reject", progress.code)


def test_31_nobody_and_two_people(world: World, said: Said) -> None:
    started = world.verifications.start()
    wall = encode_jpeg(np.full((640, 480, 3), 120, np.uint8))
    assert world.verifications.add_frames(started.id, [(0, wall)]).hint == "no_face"
    started = world.verifications.start()
    both = encode_jpeg(np.hstack([decode(citizen(name).frames("neutral")[0]) for name in ("01", "02")]))
    progress = world.send(started.id, [anew(both) for _ in range(8)], 400)
    assert progress.code == "face_several"
    said("retry", progress.code)
