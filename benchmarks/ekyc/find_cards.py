"""Finds specimen cards in photos of one difficulty at a time and says how often, and how exactly.

    python -m benchmarks.ekyc.find_cards --photos 30

A card counts as found when every corner lies within 1.5 % of the card's width of its true place; the order
of the corners and which long side is the top do not matter here. One thread; nothing is kept.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ekyc.document.geometry import card_width
from ekyc.document.locate import locate
from ekyc.errors import EkycError
from ekyc.image import decode
from ekyc.registry.seed import build_population
from ekyc.specimen.printer import print_card
from ekyc.specimen.scene import Scene, shoot

FOUND = 0.015  # of the card's width
Rng = np.random.Generator
_PALE = ((196, 216, 220), (226, 232, 220), (205, 220, 226), (236, 234, 222), (240, 240, 240))


def _turned(rng: Rng) -> dict[str, float]:
    return {"roll": float(rng.uniform(0, 360))}


def _tilt(rng: Rng, most: float) -> tuple[float, float]:
    return float(rng.uniform(-most, most)), float(rng.uniform(-most, most))


def _some(rng: Rng) -> dict[str, object]:
    """What every photo has a little of."""
    return {
        "tilt": _tilt(rng, 8),
        "share": float(rng.uniform(0.5, 0.85)),
        "shift": (float(rng.uniform(-1, 1)), float(rng.uniform(-1, 1))),
        "roll": float(rng.choice((0, 180)) + rng.uniform(-12, 12)),
    }


CONDITIONS: dict[str, Callable[[Rng], dict[str, object]]] = {
    "plain": lambda rng: {},
    "any turn": lambda rng: {**_turned(rng)},
    "slanted up to 35 degrees": lambda rng: {"tilt": _tilt(rng, 35), **_turned(rng)},
    "full table": lambda rng: {"things": int(rng.integers(4, 11)), **_turned(rng)},
    "table of the card's colour": lambda rng: {
        "colour": _PALE[rng.integers(len(_PALE))],
        "contact": float(rng.uniform(0.0, 0.2)),
    },
    "hard shadow": lambda rng: {"shadow": float(rng.uniform(0.35, 0.7))},
    "glare": lambda rng: {
        "glare": (float(rng.uniform(0, 1)), float(rng.uniform(0, 1))),
        "glare_mm": float(rng.uniform(8, 25)),
    },
    "held in the hand": lambda rng: {"fingers": int(rng.integers(1, 4)), "things": int(rng.integers(0, 3))},
    "dark and grainy": lambda rng: {"exposure": float(rng.uniform(0.15, 0.35)), "grain": 8.0},
    "blurred": lambda rng: {"defocus": float(rng.uniform(2, 4))},
    "small in the photo": lambda rng: {
        "frame": (3200, 2400),
        "share": float(rng.uniform(0.28, 0.4)),
        **_turned(rng),
    },
    "portrait photo": lambda rng: {"frame": (1500, 2000), **_turned(rng)},
    "all of it": lambda rng: {
        "tilt": _tilt(rng, 25),
        **_turned(rng),
        "things": int(rng.integers(2, 8)),
        "shadow": float(rng.uniform(0, 0.5)),
        "glare": (float(rng.uniform(0, 1)), float(rng.uniform(0, 1))),
        "defocus": float(rng.uniform(0.6, 2)),
        "exposure": float(rng.uniform(0.4, 1.1)),
        "grain": 5.0,
        "quality": 75,
    },
}


@cache
def cards(seed: int) -> tuple[NDArray[np.uint8], ...]:
    """Both sides of twelve cards, half of each kind."""
    people, _ = build_population(300, seed)
    chosen = [p for kind in ("cccd_chip", "can_cuoc") for p in [q for q in people if q.card.kind == kind][:6]]
    printed = [print_card(person) for person in chosen]
    return tuple(side for card in printed for side in (card.front, card.back))


def corner_error(found: NDArray[np.float32], true: NDArray[np.float32]) -> float:
    """Largest distance of a corner, as a share of the card's width, over the ways of naming corner 0."""
    ways = [np.roll(found, turn, 0) for turn in range(4)]
    return float(min(np.linalg.norm(way - true, axis=1).max() for way in ways)) / card_width(true)


def scene_of(condition: str, seed: int) -> Scene:
    rng = np.random.default_rng(seed)
    return Scene(**{**_some(rng), **CONDITIONS[condition](rng)})  # type: ignore[arg-type]


def measure(condition: str, photos: int, seed: int, wrong: bool) -> None:
    errors, codes, seconds = [], Counter[str](), 0.0
    for number in range(photos):
        one = seed + 1000 * list(CONDITIONS).index(condition) + number
        pool = cards(seed)
        jpeg, true = shoot(pool[number % len(pool)], scene_of(condition, one), one)
        photo = decode(jpeg)
        begin = time.process_time()
        try:
            errors.append(corner_error(locate(photo), true))
            if errors[-1] > FOUND and wrong:
                print(f"   {condition} seed {one}: {errors[-1]:.3f}")
        except EkycError as error:
            codes[error.code] += 1
            if wrong:
                print(f"   {condition} seed {one}: {error}")
        seconds += time.process_time() - begin
    right = np.array([e for e in errors if e <= FOUND] or [1.0])
    print(
        f"{condition:28s} found {len(right) / photos:6.1%}  wrong place {len(errors) - len(right):3d}  "
        f"corner error median {np.median(right):.2%} worst {right.max():.2%}  "
        f"refused {dict(codes)}  CPU {1000 * seconds / photos:.0f} ms",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=30, help="of each condition")
    parser.add_argument("--seed", type=int, default=500_000)
    parser.add_argument("--only", help="one condition")
    parser.add_argument("--wrong", action="store_true", help="also list each failure")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    for condition in CONDITIONS:
        if arguments.only in (None, condition):
            measure(condition, arguments.photos, arguments.seed, arguments.wrong)


if __name__ == "__main__":
    main()
