"""``ekyc evaluate liveness``: how often attacks pass the face step, and honest people do not."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
import cv2
import numpy as np

from ekyc.evaluate import recordings
from ekyc.evaluate.attacks import ATTACKS, HONEST, Kind
from ekyc.evaluate.bounds import wilson
from ekyc.evaluate.face_session import Session, hold
from ekyc.evaluate.players import Library, Recorder
from ekyc.face.dlib_engine import dlib_engine
from ekyc.liveness.challenge import new_challenge
from ekyc.policy import LivenessPolicy
from ekyc.specimen.samples import SampleCitizen, sample_citizens


@click.command("liveness")
@click.option(
    "--count", type=click.IntRange(1, 10_000), default=26, show_default=True, help="Sessions a kind."
)
@click.option("--seed", default=4, show_default=True, help="Of challenges, noise and hands.")
@click.option(
    "--kind", "kinds", type=click.Choice([*HONEST, *ATTACKS]), multiple=True, help="Only these kinds."
)
@click.option(
    "--recordings",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Judge this folder's KIND/SESSION/ recordings instead (KIND: bona_fide, or an attack's name).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def liveness(count: int, seed: int, kinds: tuple[str, ...], folder: Path | None, as_json: bool) -> None:
    """Play honest people and attackers before the face step's own rules and count who comes through.

    In the words of ISO/IEC 30107-3: APCER is the share of attack presentations of one kind that are taken
    for bona fide, BPCER the share of bona fide presentations that are not, one attempt each, 95 % bounds.
    """
    cv2.setNumThreads(1)
    report = judge_recordings(folder) if folder else measure(count, seed, kinds)
    click.echo(json.dumps(report, indent=1) if as_json else as_text(report))


def measure(count: int, seed: int, kinds: Iterable[str] = ()) -> dict[str, Any]:
    """``count`` sessions of each kind, played by the sample citizens in turn."""
    wanted = set(kinds) or {*HONEST, *ATTACKS}
    table = {"attacks": ATTACKS, "bona_fide": HONEST}
    return {
        part: {name: _measure(kind, name, count, seed) for name, kind in of.items() if name in wanted}
        for part, of in table.items()
    }


def _measure(kind: Kind, name: str, count: int, seed: int) -> dict[str, Any]:
    held = [_session(kind, name, number, seed) for number in range(count)]
    click.echo(f"{name}: {count} sessions", err=True)
    return _row(held)


def judge_recordings(folder: Path) -> dict[str, Any]:
    """The same report over recordings laid out as ``recordings`` says."""
    held: dict[str, list[Session]] = {}
    for one in recordings.read(folder):
        held.setdefault(one.kind, []).append(hold(one.player, one.challenge, dlib_engine(), LivenessPolicy()))
    rows = {kind: _row(sessions) for kind, sessions in held.items()}
    honest = {kind: row for kind, row in rows.items() if kind == recordings.BONA_FIDE}
    return {"attacks": {k: row for k, row in rows.items() if k not in honest}, "bona_fide": honest}


def _row(held: Sequence[Session]) -> dict[str, Any]:
    """Counts, and the rates of what was accepted at once and of what was refused, with 95 % bounds."""
    count, outcomes = len(held), Counter(session.outcome for session in held)
    return {
        "n": count,
        **{outcome: outcomes[outcome] for outcome in ("accepted", "review", "refused")},
        "codes": dict(Counter(session.code for session in held if session.code).most_common()),
        "cues": dict(Counter(cue for session in held for cue in session.cues).most_common()),
        "accepted_bounds": [round(bound, 4) for bound in wilson(outcomes["accepted"], count)],
        "refused_bounds": [round(bound, 4) for bound in wilson(outcomes["refused"], count)],
    }


def _session(kind: Kind, name: str, number: int, seed: int) -> Session:
    policy, people = LivenessPolicy(), _people()
    drawn = random.Random(f"{seed} {name} {number}")  # noqa: S311 repeatable on purpose
    rng = np.random.default_rng(drawn.getrandbits(64))
    challenge = new_challenge(kind.actions, policy.actions_asked, rng=drawn)
    player = kind.make(people, number, rng)
    if kind.again is None:
        return hold(player, challenge, dlib_engine(), policy)
    earlier = Recorder(player)
    known = hold(earlier, challenge, dlib_engine(), policy).digests
    return hold(Library(earlier.frames, kind.again), challenge, dlib_engine(), policy, known)


def _people() -> list[SampleCitizen]:
    """Without the look-alike: who resembles another on purpose is no test of a swapped face."""
    return [citizen for citizen in sample_citizens() if citizen.lookalike_of is None]


def as_text(report: dict[str, Any]) -> str:
    """Two tables."""
    lines = []
    heads = {
        "attacks": ("attack", "APCER", "accepted"),
        "bona_fide": ("honest", "BPCER", "refused"),
    }
    for part, (title, rate, counted) in heads.items():
        lines.append(
            f"{title:<16} {'n':>5} {'accepted':>8} {'review':>7} {'refused':>7}  {rate} (95 % bounds)"
        )
        for name, row in report[part].items():
            low, high = row[f"{counted}_bounds"]
            numbers = f"{row['n']:>5} {row['accepted']:>8} {row['review']:>7} {row['refused']:>7}"
            bounds = f"{row[counted] / row['n']:6.1%} ({low:.1%} to {high:.1%})"
            why = ", ".join(f"{code} {n}" for code, n in {**row["codes"], **row["cues"]}.items())
            lines.append(f"{name:<16} {numbers}  {bounds}  {why}")
        lines.append("")
    return "\n".join(lines)
