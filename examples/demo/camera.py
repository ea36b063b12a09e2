"""A camera whose picture this program draws while the browser films it.

Chromium's fake camera reads a raw y4m file frame by frame and starts over at its end. The file here
holds a single frame that is overwritten in place, so the page sees what the citizen does *now* and
the citizen can do what the page asks, as late or as often as it asks.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # height x width x 3, BGR

WIDTH, HEIGHT, FPS = 480, 640, 10
_CLOSED_EYES = 5  # frames; 0.5 s, a slow deliberate blink


class CameraFile:
    """The y4m file behind the fake camera. It must keep its size while a browser has it open."""

    def __init__(self, path: Path, width: int = WIDTH, height: int = HEIGHT) -> None:
        """width, height: even, of every picture that will be shown."""
        self.path = path.absolute()
        header = f"YUV4MPEG2 W{width} H{height} F{FPS}:1 Ip A1:1 C420jpeg\nFRAME\n".encode()
        self.path.write_bytes(header + _i420(np.full((height, width, 3), 90, np.uint8)))
        self._offset = len(header)
        self._fd = os.open(self.path, os.O_WRONLY)

    def show(self, picture: Picture) -> None:
        """Replace the picture that the browser reads next."""
        os.pwrite(self._fd, _i420(picture), self._offset)

    def close(self) -> None:
        os.close(self._fd)


class Actor(threading.Thread):
    """A citizen in front of the camera, who looks straight until asked for something.

    frames: action name -> JPEG files (480 x 640) in the order of the movement: "neutral", "turn_left",
    "turn_right", "nod", "blink", "open_mouth", "move_closer". A hand-held phone and a small sensor are never
    still, so each picture sways by a few pixels and carries a little noise.
    """

    def __init__(self, camera: CameraFile, frames: Mapping[str, Sequence[Path]]) -> None:
        super().__init__(name="citizen", daemon=True)
        self._camera = camera
        self._clips = {action: [_load(path) for path in paths] for action, paths in frames.items()}
        self._wanted = "neutral"
        self._stopping = threading.Event()
        self._random = np.random.default_rng(2026)

    def perform(self, action: str) -> None:
        """Do ``action`` and keep doing it until told otherwise; "neutral" looks straight."""
        if action not in self._clips:
            raise ValueError(f"this citizen has no frames for {action!r}")
        self._wanted = action

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def run(self) -> None:
        for number, picture in enumerate(self._pictures()):
            self._camera.show(self._as_filmed(picture, number / FPS))
            if self._stopping.wait(1 / FPS):
                return

    def _pictures(self) -> Iterator[Picture]:
        neutral = self._clips["neutral"]
        tick = 0
        while True:
            action = self._wanted
            if action == "neutral":
                yield neutral[(tick // 3) % len(neutral)]
                tick += 1
                continue
            there, hold, back = movement(action, self._clips[action], neutral)
            yield from there
            while self._wanted == action:
                yield from hold
            yield from back

    def _as_filmed(self, picture: Picture, seconds: float) -> Picture:
        dx, dy = 2.5 * np.sin(1.7 * seconds), 2.0 * np.sin(1.1 * seconds + 1)
        moved = cv2.warpAffine(
            picture,
            np.array([[1, 0, dx], [0, 1, dy]], np.float64),
            (WIDTH, HEIGHT),
            borderMode=cv2.BORDER_REPLICATE,
        )
        noise = self._random.integers(-3, 4, (HEIGHT, WIDTH, 1), np.int16)
        filmed: Picture = np.clip(moved.astype(np.int16) + noise, 0, 255).astype(np.uint8)
        return filmed


def movement(
    action: str, clip: Sequence[Picture], neutral: Sequence[Picture]
) -> tuple[list[Picture], list[Picture], list[Picture]]:
    """How an action is played: the way there, what repeats while it is wanted, and the way back.

    A turn and a phone brought closer are held at their end; the others happen, pass, and happen again.
    """
    if action.startswith("turn_") or action == "move_closer":
        return list(clip), [clip[-1]], list(reversed(clip))
    middle = len(clip) // 2
    # two pictures each: a page that takes every second one still sees the movement on its way
    opening, closing = ([p for p in part for _ in range(2)] for part in (clip[:middle], clip[middle + 1 :]))
    extreme = clip[middle]
    pause = [neutral[i % len(neutral)] for i in range(6)]
    return [], [*opening, *[extreme] * _CLOSED_EYES, *closing, *pause], []


def _load(path: Path) -> Picture:
    picture = cv2.imread(str(path))
    if picture is None:
        raise ValueError(f"{path} is not a picture")
    if picture.shape != (HEIGHT, WIDTH, 3):
        picture = cv2.resize(picture, (WIDTH, HEIGHT))
    return picture.astype(np.uint8, copy=False)


def _i420(picture: Picture) -> bytes:
    planes: bytes = cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420).tobytes()
    return planes
