"""Camera frames of the sample citizens, as a phone would send them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import numpy as np

from ekyc.image import decode, encode_jpeg
from ekyc.liveness.challenge import Action
from ekyc.specimen.samples import SampleCitizen, sample_citizens

STEP_MS = 150
REACTION = 2  # frames
_RNG = np.random.default_rng()


@cache
def citizen(sample_id: str) -> SampleCitizen:
    return next(c for c in sample_citizens() if c.id == sample_id)


def anew(frame: bytes) -> bytes:
    """The same picture with camera noise of its own, so that no two are equal."""
    image = decode(frame).astype(np.int16)
    noisy = image + _RNG.integers(-2, 3, image.shape, dtype=np.int16)
    return encode_jpeg(np.clip(noisy, 0, 255).astype(np.uint8), 92)


def other_bytes(frame: bytes) -> bytes:
    """The same picture in other bytes, too alike for a landmark to move: what passes once passes always."""
    image = decode(frame)
    row, column = (_RNG.integers(0, side - 4) for side in image.shape[:2])
    image[row : row + 4, column : column + 4] = _RNG.integers(0, 256, 3)
    return encode_jpeg(image, 95)


def movement(sample_id: str, action: Action) -> list[bytes]:
    """One action from neutral and back to neutral, after the time it takes to read what is asked."""
    frames = citizen(sample_id).frames(action)
    back = frames[::-1] if action in ("turn_left", "turn_right", "move_closer") else []
    neutral = citizen(sample_id).frames("neutral")
    return [*neutral[:REACTION], *frames, *back, *neutral[:1]]


def answer(sample_id: str, challenge: Sequence[Action]) -> list[bytes]:
    """All frames of a challenge done well, each with fresh noise."""
    frames = list(citizen(sample_id).frames("neutral"))
    for action in challenge:
        frames += movement(sample_id, action)
    return [anew(frame) for frame in frames]


def timed(frames: Iterable[bytes], start_ms: int = 0) -> list[tuple[int, bytes]]:
    """(milliseconds, frame) at about seven frames a second."""
    return [(start_ms + i * STEP_MS, frame) for i, frame in enumerate(frames)]


def batches(frames: Sequence[tuple[int, bytes]], size: int = 4) -> Iterator[Sequence[tuple[int, bytes]]]:
    """As the page sends them: a few at a time."""
    for first in range(0, len(frames), size):
        yield frames[first : first + size]


def other_order(challenge: Sequence[Action]) -> tuple[Action, ...]:
    """Another order whose first action cannot happen by accident (a blink or a nod could)."""
    wanted = challenge[0]
    first: Action = "turn_right" if wanted == "turn_left" else "turn_left"
    return (first, *(a for a in challenge if a != first))


_PEAKS = {
    "turn_left": slice(2, 7),
    "turn_right": slice(2, 7),
    "nod": slice(0, 4),
    "blink": slice(1, 4),
    "open_mouth": slice(1, 4),
    "move_closer": slice(0, 4),
}


def quick_answer(sample_id: str, challenge: Sequence[Action]) -> list[bytes]:
    """A challenge done well in few frames: only the way there and its end."""
    neutral = citizen(sample_id).frames("neutral")
    frames = list(neutral)
    for action in challenge:
        frames += [*neutral[:REACTION], *citizen(sample_id).frames(action)[_PEAKS[action]], neutral[0]]
    return [other_bytes(frame) for frame in frames]
