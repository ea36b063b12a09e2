"""The user's own recordings: FOLDER/KIND/SESSION/, KIND being ``bona_fide`` or the name of an attack.

A session holds ``challenge.txt`` (the actions asked for, one a line) and JPEG frames, whose names end in the
milliseconds since the camera started: ``frame_000150.jpg``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from ekyc.evaluate.players import Video
from ekyc.liveness.challenge import ACTIONS, Action

BONA_FIDE = "bona_fide"


@dataclass(frozen=True, slots=True)
class Recording:
    """kind: ``BONA_FIDE`` or an attack's name."""

    kind: str
    challenge: tuple[Action, ...]
    player: Video


def read(folder: Path) -> Iterator[Recording]:
    """Raises click.ClickException: no session, an unknown action, frames without a time."""
    sessions = sorted(path.parent for path in folder.glob("*/*/challenge.txt"))
    if not sessions:
        raise click.ClickException(f"{folder} has no KIND/SESSION/challenge.txt")
    for session in sessions:
        yield Recording(session.parent.name, _challenge(session), _video(session))


def _challenge(session: Path) -> tuple[Action, ...]:
    words = (session / "challenge.txt").read_text(encoding="utf-8").split()
    known = {str(action): action for action in ACTIONS}
    unknown = [word for word in words if word not in known]
    if unknown or not words:
        raise click.ClickException(f"{session}/challenge.txt: {', '.join(unknown) or 'empty'}")
    return tuple(known[word] for word in words)


def _video(session: Path) -> Video:
    timed = {
        int(found[1]): path for path in session.glob("*.jpg") if (found := re.search(r"(\d+)$", path.stem))
    }
    if len(timed) < 2:
        raise click.ClickException(f"{session}: at least two frames named by their milliseconds")
    step = (max(timed) - min(timed)) // (len(timed) - 1)
    return Video([timed[at].read_bytes() for at in sorted(timed)], max(step, 1), again=False)
