"""What the citizen is asked to do."""

from __future__ import annotations

import random
from collections.abc import Sequence
from secrets import SystemRandom
from typing import Literal, get_args

Action = Literal["turn_left", "turn_right", "nod", "blink", "open_mouth", "move_closer"]
ACTIONS: tuple[Action, ...] = get_args(Action)
TURNS: tuple[Action, ...] = ("turn_left", "turn_right")


def new_challenge(
    actions: Sequence[Action] = ACTIONS, length: int = 4, *, rng: random.Random | None = None
) -> tuple[Action, ...]:
    """``length`` different ones of ``actions`` in random order, from the system's randomness unless given.

    One of them at least is a turn (where ``actions`` has one): a turn is what shows surely that a face is
    no picture. All six by four: 336 challenges.
    """
    drawn = tuple((rng or SystemRandom()).sample(actions, min(length, len(actions))))
    if set(drawn).isdisjoint(TURNS) and not set(actions).isdisjoint(TURNS):
        return new_challenge(actions, length, rng=rng)
    return drawn
