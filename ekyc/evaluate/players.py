"""Who stands before the camera in ``ekyc evaluate liveness``: honest citizens and attackers.

A player is asked for an action (None: look straight) and gives the camera's frames until it would look
straight again. Attackers follow the prompts as well as their means allow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ekyc.evaluate import effects
from ekyc.face.dlib_engine import dlib_engine
from ekyc.image import decode
from ekyc.liveness.challenge import Action
from ekyc.ports import Image
from ekyc.specimen.samples import SampleCitizen

Random = np.random.Generator
_BACK = ("turn_left", "turn_right", "move_closer")  # clips that end at the furthest point
_REACTION = 3  # frames between being asked and moving


class Player(Protocol):
    @property
    def step_ms(self) -> int:
        """Between two frames."""
        ...

    def play(self, action: Action | None) -> list[bytes]: ...


@cache
def clip(citizen: SampleCitizen, action: Action | None) -> tuple[Image, ...]:
    """Rendered frames of a movement from straight to straight, or of looking straight."""
    straight = tuple(decode(frame) for frame in citizen.frames("neutral"))
    if action is None:
        return straight
    there = tuple(decode(frame) for frame in citizen.frames(action))
    back = there[-2::-1] if action in _BACK else ()
    return (*straight[:_REACTION], *there, *back, *straight[:2])


@dataclass(frozen=True)
class Person:
    """A citizen who does what is asked; ``seen`` is what the camera makes of each picture."""

    citizen: SampleCitizen
    rng: Random
    seen: Callable[[Image, Random], Image] = lambda image, rng: image
    noise: float = 2.0
    gain: float = 1.0
    quality: int = 85
    every: int = 1
    step_ms: int = 150

    def play(self, action: Action | None) -> list[bytes]:
        pictures = clip(self.citizen, action)
        if action is not None:
            pictures = pictures[self.rng.integers(self.every) :: self.every]
        return [self.film(picture) for picture in pictures]

    def film(self, picture: Image) -> bytes:
        seen = self.seen(picture, self.rng)
        return effects.filmed(seen, self.rng, noise=self.noise, gain=self.gain, quality=self.quality)


@dataclass(frozen=True)
class Photo:
    """One photo of the victim, moved by a hand. move: photo, action, share of the way (0..1), randomness."""

    citizen: SampleCitizen
    rng: Random
    move: Callable[[Image, Action | None, float, Random], Image]
    step_ms: int = 150

    def play(self, action: Action | None) -> list[bytes]:
        photo = clip(self.citizen, None)[0]
        way = (0.0,) * 3 if action is None else (*(0.0,) * _REACTION, *_there_and_back(7), 0.0, 0.0)
        return [effects.filmed(self.move(photo, action, far, self.rng), self.rng) for far in way]


def still(photo: Image, _action: Action | None, _far: float, rng: Random) -> Image:
    """Held up; a hand is never quite at rest."""
    return effects.card(photo, rng.normal(0, 0.8), rng.normal(0, 0.8), 0.98)


def waved(photo: Image, action: Action | None, far: float, rng: Random) -> Image:
    """Turned, tilted and brought nearer as a face would be."""
    turn = {"turn_left": 50.0, "turn_right": -50.0}.get(action or "", 0.0) * far
    nod = 45.0 * far if action == "nod" else 0.0
    near = 1 + 0.4 * far if action == "move_closer" else 1.0
    return effects.card(photo, turn + rng.normal(0, 0.8), nod, near, 0.03 * rng.normal())


def bent(theta: float) -> Callable[[Image, Action | None, float, Random], Image]:
    """Bent round a cylinder and turned about it."""

    def move(photo: Image, action: Action | None, far: float, rng: Random) -> Image:
        if action not in ("turn_left", "turn_right"):
            return effects.bent(waved(photo, action, far, rng), 0.0, theta)
        turn = (40.0 if action == "turn_left" else -40.0) * far
        return effects.bent(photo, turn + rng.normal(0, 0.8), theta)

    return move


@dataclass(frozen=True)
class CutOut:
    """A printed face worn over one's own, with holes for eyes and mouth; turned with the head, so bent."""

    citizen: SampleCitizen
    wearer: SampleCitizen
    rng: Random
    step_ms: int = 150

    def play(self, action: Action | None) -> list[bytes]:
        mask = clip(self.citizen, None)[0]
        points = _landmarks(mask)
        holes = [points[36:42], points[42:48], points[48:60]]
        frames = []
        own = _landmarks(clip(self.wearer, None)[0])
        for number, picture in enumerate(clip(self.wearer, action)):
            behind = effects.placed_like(picture, own, points) if action in ("blink", "open_mouth") else mask
            worn = effects.cut_out(mask, behind, holes)
            far = _there_and_back(7)[min(max(number - _REACTION, 0), 13)] if action else 0.0
            moved = bent(0.9)(worn, action, far, self.rng)
            frames.append(effects.filmed(moved, self.rng))
        return frames


@dataclass(frozen=True)
class Screen:
    """A screen that shows the victim doing each action when it is asked for: the best replay there is."""

    citizen: SampleCitizen
    rng: Random
    contrast: float
    step_ms: int = 150

    def play(self, action: Action | None) -> list[bytes]:
        pitch = float(self.rng.uniform(1.3, 3.1))
        shown = (effects.on_screen(one, self.rng, pitch, self.contrast) for one in clip(self.citizen, action))
        return [effects.filmed(picture, self.rng) for picture in shown]


@dataclass
class Recorder:
    """Keeps what another player's camera gave, by action."""

    player: Player
    frames: dict[Action | None, list[bytes]] = field(default_factory=dict)

    @property
    def step_ms(self) -> int:
        return self.player.step_ms

    def play(self, action: Action | None) -> list[bytes]:
        frames = self.player.play(action)
        self.frames.setdefault(action, frames)
        return frames


@dataclass(frozen=True)
class Library:
    """An earlier session's frames, cut into its actions and shown when they are asked for."""

    recorded: Mapping[Action | None, list[bytes]]
    again: Callable[[bytes], bytes]
    step_ms: int = 150

    def play(self, action: Action | None) -> list[bytes]:
        return [self.again(frame) for frame in self.recorded.get(action, self.recorded[None])]


@dataclass
class Video:
    """A recording that runs on whatever is asked for. again: it starts over at its end."""

    frames: Sequence[bytes]
    step_ms: int = 150
    again: bool = True
    _at: int = field(default=0)

    def play(self, action: Action | None) -> list[bytes]:
        begin, self._at = self._at, self._at + 12
        if self.again and self._at >= len(self.frames):
            self._at = 0
        return list(self.frames[begin : begin + 12])


@dataclass(frozen=True)
class TakesOver:
    """The first looks straight; the second does the movements, or only ``few`` frames of each."""

    first: Player
    second: Player
    few: int | None = None
    step_ms: int = 150

    def play(self, action: Action | None) -> list[bytes]:
        if action is None:
            return self.first.play(None)
        if self.few is None:
            return self.second.play(action)
        own, other = self.first.play(action), self.second.play(action)
        middle = min(len(own), len(other)) // 2
        return [*own[:middle], *other[middle : middle + self.few], *own[middle + self.few :]]


@dataclass(frozen=True)
class Changed:
    """Another player's frames, changed: shuffled, or of another size from a certain one on."""

    player: Player
    change: Callable[[list[bytes]], list[bytes]]
    step_ms: int = 150

    def play(self, action: Action | None) -> list[bytes]:
        return self.change(self.player.play(action))


def _there_and_back(steps: int) -> tuple[float, ...]:
    there = tuple(float(x) for x in np.linspace(1 / steps, 1, steps))
    return (*there, *there[::-1])


def _landmarks(picture: Image) -> NDArray[np.float64]:
    return dlib_engine().detect_near(picture)[0].landmarks
