"""What the citizen is asked to do."""

from __future__ import annotations

import random
from secrets import SystemRandom
from typing import Literal, get_args

Action = Literal["turn_left", "turn_right", "blink", "open_mouth"]
ACTIONS: tuple[Action, ...] = get_args(Action)


def new_challenge(rng: random.Random | None = None) -> tuple[Action, ...]:
    """All four actions in random order (24 of them), from the system's randomness unless given."""
    return tuple((rng or SystemRandom()).sample(ACTIONS, len(ACTIONS)))
