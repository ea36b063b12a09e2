"""One player's face step, with the product's own rules, engine and clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from ekyc.evaluate.players import Player
from ekyc.liveness.challenge import Action
from ekyc.liveness.judge import start
from ekyc.policy import LivenessPolicy
from ekyc.ports import FaceEngine
from ekyc.usecases.face_step import take_in
from ekyc.usecases.record import Record
from ekyc.workers.faces import FacesHere

_BATCH = 4
_MOST_FRAMES = 120  # who has not come through by then gives up
Outcome = Literal["accepted", "review", "refused"]


@dataclass(frozen=True, slots=True)
class Session:
    """code: why it was refused; "gave_up" where the judge was still asking. cues: what sends it to review.

    digests: of its frames, as the store keeps them.
    """

    outcome: Outcome
    code: str
    cues: tuple[str, ...]
    frames: int
    digests: frozenset[str]


def hold(
    player: Player,
    challenge: tuple[Action, ...],
    engine: FaceEngine,
    policy: LivenessPolicy,
    known: frozenset[str] = frozenset(),
) -> Session:
    """Play until the judge has ended. known: digests of frames that earlier sessions have used."""
    record = Record("evaluation", datetime.now(UTC), start(challenge))
    faces, digests, now = FacesHere(lambda: engine), set[str](), 0
    while record.progress.state == "continue" and record.progress.frames < _MOST_FRAMES:
        action = record.progress.action if record.progress.phase == "act" else None
        frames = player.play(action)
        if not frames:
            break  # a recording has ended
        for batch in _batches(frames):
            timed = [(now + n * player.step_ms, frame) for n, frame in enumerate(batch, 1)]
            now = timed[-1][0]
            record = take_in(record, timed, now, policy)
            judged = faces.judge(record, timed, now, policy)
            digests.update(judged.digests)
            if known.intersection(judged.digests):
                return Session("refused", "liveness_frames_reused", (), now, frozenset(digests))
            record = replace(record, progress=judged.progress, faces=(*record.faces, *judged.samples))
            if record.progress.state != "continue":
                break
    end = record.progress
    if end.state != "done":
        return Session("refused", end.code or "gave_up", end.cues, end.frames, frozenset(digests))
    return Session("review" if end.cues else "accepted", "", end.cues, end.frames, frozenset(digests))


def _batches(frames: list[bytes]) -> Iterator[list[bytes]]:
    """As the page sends them: a few at a time."""
    for first in range(0, len(frames), _BATCH):
        yield frames[first : first + _BATCH]
