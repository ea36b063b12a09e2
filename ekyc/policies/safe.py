"""What a policy may say: a slip in the file must not open the door, nor close it for everybody."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from ekyc.liveness.challenge import TURNS
from ekyc.policies.text import flat, settings_of
from ekyc.policy import Policy

# setting -> smallest and largest value. A number that is not here may be halved and doubled, no more.
SAFE: dict[str, tuple[float, float]] = {
    "face.accept_rate": (1e-6, 1e-3),
    "face.review_rate": (1e-3, 5e-2),
    "face.single_shot_rate": (1e-5, 1e-2),
    "face.duplicate_rate": (1e-4, 5e-2),
    "liveness.actions_asked": (3, 6),
    "liveness.min_action_ms": (400, 3000),
    "liveness.max_attempts": (1, 10),
    "liveness.max_ms": (30_000, 300_000),
    "chip.min_rsa_bits": (2048, 8192),
    "chip.min_ec_bits": (224, 521),
    "chip.level": (2, 3),
    "chip.max_readings": (1, 50),
    "minimum_age": (14, 120),
    "level": (1, 2),
    "max_photos": (4, 100),
    "max_failures": (1, 20),
}
_DAY = timedelta(days=1)
LENGTHS: dict[str, tuple[timedelta, timedelta]] = {
    "open_verification": (_DAY / 24, 7 * _DAY),
    "review": (_DAY, 90 * _DAY),
    "frame_hashes": (7 * _DAY, 730 * _DAY),
    "failures": (_DAY / 24, 30 * _DAY),
}
# the first is never above the second
_ORDER = (
    ("face.accept_rate", "face.review_rate"),
    ("liveness.straight", "liveness.turn"),
    ("liveness.turn", "liveness.wrong_turn"),
    ("liveness.blink", "liveness.eyes_open"),
    ("liveness.mouth_closed", "liveness.mouth_open"),
    ("level", "chip.level"),
)


def require_safe(policy: Policy) -> None:
    """Raises ValueError; the sentence names the setting and its bounds."""
    values, usual = flat_values(policy), flat_values(Policy())
    for name, value in values.items():
        low, high = bounds(name, usual[name])
        if not low <= value <= high:
            raise ValueError(f"{name} = {value:g} is not safe: {low:g} to {high:g}")
    for name, (shortest, longest) in LENGTHS.items():
        length: timedelta = getattr(policy.retention, name)
        if not shortest <= length <= longest:
            raise ValueError(f"retention.{name} is not safe: {shortest} to {longest}")
    if not re.fullmatch("[A-Z]{2}", policy.chip.country):
        raise ValueError("chip.country has to be two capital letters (ISO 3166-1)")
    actions = policy.liveness.actions
    if not set(actions) <= set(Policy().liveness.actions) or len(actions) < policy.liveness.actions_asked:
        raise ValueError(
            f"liveness.actions: at least actions_asked of {', '.join(Policy().liveness.actions)}"
        )
    if set(actions).isdisjoint(TURNS):
        raise ValueError(
            f"liveness.actions: one of {', '.join(TURNS)}, which alone show that a face has depth"
        )
    for smaller, larger in _ORDER:
        if values[smaller] > values[larger]:
            raise ValueError(f"{smaller} may not be above {larger}")


def flat_values(policy: Policy) -> dict[str, float]:
    """Every number by its dotted name."""
    return {name: value for name, value in flat(settings_of(policy)).items() if _is_number(value)}


def bounds(name: str, usual: float) -> tuple[float, float]:
    return SAFE.get(name) or (usual / 2, usual * 2)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
