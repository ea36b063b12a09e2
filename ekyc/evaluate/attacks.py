"""The kinds of session that ``ekyc evaluate liveness`` plays: honest ones, and attacks by their instrument.

Each takes the sample citizens, a number (which of them plays) and randomness, and gives who plays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ekyc.evaluate import players
from ekyc.evaluate.effects import Random, glasses
from ekyc.evaluate.players import Person, Photo, Player
from ekyc.face.dlib_engine import dlib_engine
from ekyc.image import decode, encode_jpeg
from ekyc.liveness.challenge import ACTIONS, Action
from ekyc.ports import Image
from ekyc.specimen.samples import SampleCitizen

Citizens = Sequence[SampleCitizen]
Make = Callable[[Citizens, int, Random], Player]


@dataclass(frozen=True, slots=True)
class Kind:
    """actions: what its challenge is drawn from, all unless it is about one of them.

    again: what is done to the frames of ``make``'s player, who came through before, to show them again.
    """

    make: Make
    says: str
    actions: tuple[Action, ...] = ACTIONS
    again: Callable[[bytes], bytes] | None = None


def _one(citizens: Citizens, number: int) -> SampleCitizen:
    return citizens[number % len(citizens)]


def _other(citizens: Citizens, number: int) -> SampleCitizen:
    """Nobody's look-alike: those are next to each other in no order."""
    return citizens[(number + 4) % len(citizens)]


def _with_glasses(image: Image, _rng: Random) -> Image:
    faces = dlib_engine().detect_near(image)
    return glasses(image, faces[0].landmarks) if faces else image


def _recorded(citizen: SampleCitizen, rng: Random, actions: Sequence[Action]) -> list[bytes]:
    """What an honest session's camera gave."""
    person = Person(citizen, rng)
    return [frame for action in (None, *actions) for frame in person.play(action)]


def _other_order(citizens: Citizens, number: int, rng: Random) -> Player:
    actions = [ACTIONS[n] for n in rng.permutation(len(ACTIONS))]
    return players.Video(_recorded(_one(citizens, number), rng, actions))


def _shuffled(citizens: Citizens, number: int, rng: Random) -> Player:
    def change(frames: list[bytes]) -> list[bytes]:
        return [frames[n] for n in rng.permutation(len(frames))]

    return players.Changed(Person(_one(citizens, number), rng), change)


def _two_cameras(citizens: Citizens, number: int, rng: Random) -> Player:
    def change(frames: list[bytes]) -> list[bytes]:
        small = [cv2.resize(decode(frame), (360, 480)) for frame in frames[len(frames) // 2 :]]
        return [*frames[: len(frames) // 2], *(encode_jpeg(np.asarray(p, dtype=np.uint8)) for p in small)]

    return players.Changed(Person(_one(citizens, number), rng), change)


def _swapped(few: int | None) -> Make:
    def make(citizens: Citizens, number: int, rng: Random) -> Player:
        first, second = _one(citizens, number), _other(citizens, number)
        return players.TakesOver(Person(first, rng), Person(second, rng), few)

    return make


def _photo(move: Callable[[Image, Action | None, float, Random], Image]) -> Make:
    return lambda citizens, number, rng: Photo(_one(citizens, number), rng, move)


def _screen(contrast: float) -> Make:
    return lambda citizens, number, rng: players.Screen(_one(citizens, number), rng, contrast)


HONEST: dict[str, Kind] = {
    "ordinary": Kind(lambda c, n, rng: Person(_one(c, n), rng), "good light, 7 frames a second"),
    "noisy": Kind(lambda c, n, rng: Person(_one(c, n), rng, noise=6, quality=60), "sensor noise, JPEG 60"),
    "low light": Kind(lambda c, n, rng: Person(_one(c, n), rng, noise=5, gain=0.35), "a third of the light"),
    "low frame rate": Kind(
        lambda c, n, rng: Person(_one(c, n), rng, every=2, step_ms=330), "3 frames a second"
    ),
    "glasses": Kind(lambda c, n, rng: Person(_one(c, n), rng, _with_glasses), "drawn frames and shine"),
}
ATTACKS: dict[str, Kind] = {
    "photo still": Kind(_photo(players.still), "a print held up"),
    "photo waved": Kind(_photo(players.waved), "a print turned, tilted and brought nearer as asked"),
    "photo bent": Kind(_photo(players.bent(0.7)), "a print bent round a cylinder, turned about it"),
    "photo bent more": Kind(_photo(players.bent(1.2)), "the same, bent nearly to a half cylinder"),
    "photo zoomed": Kind(
        _photo(players.waved), "a print brought nearer, asked for nothing else", ("move_closer",)
    ),
    "cut-out": Kind(
        lambda c, n, rng: players.CutOut(_one(c, n), _other(c, n), rng),
        "a print worn as a mask, with holes for eyes and mouth",
    ),
    "screen": Kind(_screen(0.3), "the right clip for each action on a screen, in focus"),
    "screen unsharp": Kind(_screen(0.05), "the same, the screen's grid hardly seen"),
    "other order": Kind(_other_order, "a video of all actions in an order of its own"),
    "frames again": Kind(
        lambda c, n, rng: Person(_one(c, n), rng),
        "an earlier session's frames when they are asked for, byte for byte",
        again=lambda frame: frame,
    ),
    "shuffled": Kind(_shuffled, "the right frames in the wrong order"),
    "swapped": Kind(_swapped(None), "another person does the movements"),
    "swapped briefly": Kind(_swapped(3), "another person in three frames of each movement"),
    "two cameras": Kind(_two_cameras, "half of each movement from a camera of another size"),
}
