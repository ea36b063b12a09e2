"""How far a challenge has come: plain values that survive a restart as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from ekyc.liveness.challenge import Action

Phase = Literal["neutral", "act", "return", "done", "failed"]
State = Literal["continue", "done", "failed"]
Hint = Literal[
    "look_straight",
    "turn_left",
    "turn_right",
    "nod",
    "blink",
    "open_mouth",
    "move_closer",
    "move_back",
    "no_face",
    "one_person",
    "come_closer",
    "face_blurred",
    "face_too_dark",
    "face_too_bright",
    "face_light_uneven",
    "face_eyes_covered",
    "face_mouth_covered",
    "done",
    "failed",
]


@dataclass(frozen=True, slots=True)
class Measure:
    """Of one frame, or the mean of the neutral ones.

    nose, eyes, mouth: ratios as in ``face.measures``. pitch, depth: see ``shape``, in eye distances.
    size: distance between the eyes, in pixels.
    """

    nose: float
    eyes: float
    mouth: float
    pitch: float = 0.0
    size: float = 1.0
    depth: float = 0.0


@dataclass(frozen=True, slots=True)
class Observation:
    """What one camera frame showed. ``measure`` is None where there is no face.

    at_ms: the client's clock, rising. arrived_ms: the server's. faces: how many that matter.
    face_height: pixels. sha256: hex digest of the frame's pixels. picture: its width and height.
    """

    at_ms: int
    sha256: str
    faces: int
    measure: Measure | None = None
    face_height: int = 0
    arrived_ms: int = 0
    picture: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """State of the judge between two frames; ``code`` is set when ``phase`` is "failed".

    issued_ms, begun_ms, asked_ms: the server's clock when the challenge was given, at the first frame,
    when the current action was asked for. frames: received, judged or not.
    samples: neutral frames while there is no baseline. low, high, watched: how much moved, and over
    how many frames, since the current action was asked for. run: identical frames in a row.
    several: frames in a row with two faces. wrong: frames that showed another action. flat: frames that
    showed a turned picture of a face. picture: width and height of the frames. patch: of the last frame
    with a face, see ``continuity``; none once the challenge has ended. cues: names of what was noticed
    that an honest person may show too. assisted_by: the officer who stands beside a person that cannot do
    the movements; then nothing is asked but to look straight.
    passed: how far the current action was seen to go, different values only. reached, travelled: where it
    is, and the length of its way so far. acted_ms: when (client's clock) it had gone far enough.
    """

    challenge: tuple[Action, ...]
    phase: Phase = "neutral"
    step: int = 0
    hint: Hint = "look_straight"
    code: str | None = None
    baseline: Measure | None = None
    samples: tuple[Measure, ...] = ()
    frames: int = 0
    first_ms: int | None = None
    last_ms: int = -1
    last_sha256: str = ""
    run: int = 1
    several: int = 0
    wrong: int = 0
    flat: int = 0
    picture: tuple[int, int] = (0, 0)
    patch: str = ""
    cues: tuple[str, ...] = ()
    assisted_by: str = ""
    low: Measure | None = None
    high: Measure | None = None
    watched: int = 0
    issued_ms: int = 0
    begun_ms: int | None = None
    asked_ms: int = 0
    passed: tuple[float, ...] = ()
    reached: float = 0.0
    travelled: float = 0.0
    acted_ms: int = 0

    @property
    def action(self) -> Action | None:
        """The action asked for now, or None before and after the challenge."""
        return self.challenge[self.step] if self.phase in ("act", "return") else None

    @property
    def state(self) -> State:
        if self.phase == "done":
            return "done"
        return "failed" if self.phase == "failed" else "continue"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Progress:
        """Inverse of ``to_dict`` after a journey through JSON."""
        values = dict(data)
        values["challenge"] = tuple(values["challenge"])
        for name in ("passed", "picture", "cues"):
            if name in values:
                values[name] = tuple(values[name])
        values["samples"] = tuple(Measure(**sample) for sample in values["samples"])
        for name in ("baseline", "low", "high"):
            values[name] = Measure(**values[name]) if values[name] else None
        return cls(**values)
