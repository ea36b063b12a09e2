"""The thirteen invented citizens whose rendered pictures stand in ``samples/``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from ekyc.registry.person import Sex

Action = Literal["neutral", "turn_left", "turn_right", "nod", "blink", "open_mouth", "move_closer"]

_FOLDER = Path(__file__).parent / "samples"
_FILE_STEM = {action: action for action in get_args(Action)} | {
    "open_mouth": "mouth_open",
    "move_closer": "closer",
}


@dataclass(frozen=True, slots=True)
class SampleCitizen:
    """One invented person. ``lookalike_of``: id of the citizen this one resembles on purpose."""

    id: str
    name: str
    sex: Sex
    birth_year: int
    lookalike_of: str | None

    def portrait(self) -> bytes:
        """JPEG, 600 x 800, as on the card and in the registry."""
        return (_FOLDER / self.id / "portrait.jpg").read_bytes()

    def selfie(self) -> bytes:
        """JPEG, 720 x 960, other light than the portrait."""
        return (_FOLDER / self.id / "selfie.jpg").read_bytes()

    def frames(self, action: Action) -> list[bytes]:
        """JPEG frames, 480 x 640, in the order of the movement."""
        paths = (_FOLDER / self.id / "liveness").glob(f"{_FILE_STEM[action]}_*.jpg")
        return [path.read_bytes() for path in sorted(paths, key=_frame_number)]


def _frame_number(path: Path) -> int:
    return int(re.sub(r"\D", "", path.stem))


def sample_citizens() -> list[SampleCitizen]:
    """All sample citizens, by id."""
    return list(_load())


@cache
def _load() -> tuple[SampleCitizen, ...]:
    records = json.loads((_FOLDER / "samples.json").read_text(encoding="utf-8"))
    return tuple(
        SampleCitizen(r["id"], r["name"], r["gender"], r["birth_year"], r["lookalike_of"]) for r in records
    )
