"""The sample citizens: who they are, their card photos, and their face in front of the camera."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from examples.demo.processes import command, run_command

# The rendered frames are data of the repository, read by path: the demo imports none of its packages.
_FACES = Path(__file__).parents[2] / "ekyc" / "specimen" / "samples"
_STEMS = {
    "neutral": "neutral",
    "turn_left": "turn_left",
    "turn_right": "turn_right",
    "nod": "nod",
    "blink": "blink",
    "open_mouth": "mouth_open",
    "move_closer": "closer",
}


@dataclass(frozen=True, slots=True)
class SampleCitizen:
    """One invented citizen. Dates are ISO 8601; ``cards`` is the folder of the card photos."""

    id: str
    number: str
    full_name: str
    date_of_birth: str
    sex: str
    cards: Path

    @property
    def front(self) -> Path:
        return self.cards / "front.jpg"

    @property
    def back(self) -> Path:
        return self.cards / "back.jpg"

    def frames(self) -> dict[str, list[Path]]:
        """Action -> JPEG files in the order of the movement, as the camera's actor takes them."""
        return face_frames(self.id)


def face_frames(sample_id: str) -> dict[str, list[Path]]:
    """The liveness frames of a sample citizen ("01" to "13")."""
    folder = _FACES / sample_id / "liveness"
    return {
        action: sorted(folder.glob(f"{stem}_*.jpg"), key=lambda path: int(path.stem.rsplit("_", 1)[1]))
        for action, stem in _STEMS.items()
    }


def seed_registry(data: Path, log: Path, *, count: int, seed: int) -> list[SampleCitizen]:
    """Fill the registry and return its sample citizens. Raises ServiceError."""
    ekyc = command("ekyc")
    run_command(
        [ekyc, "registry", "seed", "--data", str(data), "--count", str(count), "--seed", str(seed)], log
    )
    rows = json.loads(run_command([ekyc, "registry", "sample", "--data", str(data), "--json"], log))
    return [
        SampleCitizen(
            row["id"],
            row["number"],
            row["full_name"],
            row["date_of_birth"],
            row["sex"],
            data / "cards" / row["id"],
        )
        for row in rows
    ]


def print_cards(
    data: Path,
    log: Path,
    citizens: list[SampleCitizen],
    *,
    photograph: str,
    each: Callable[[], object] = lambda: None,
) -> None:
    """Print and photograph the cards of all given citizens, on two cores; ``each`` is called after one.

    photograph: "easy", "ordinary" or "hard". Raises ServiceError.
    """
    shares = [citizens[start::4] for start in range(4) if citizens[start::4]]
    with ThreadPoolExecutor(2) as pool:
        jobs = {pool.submit(_print_share, data, log, share, photograph): share for share in shares}
        for job in as_completed(jobs):
            job.result()
            for _ in jobs[job]:
                each()


def _print_share(data: Path, log: Path, citizens: list[SampleCitizen], photograph: str) -> None:
    argv = [command("ekyc"), "card", "samples", "--data", str(data), "--photograph", photograph]
    argv += ["--out", str(citizens[0].cards.parent)]
    for citizen in citizens:
        argv += ["--id", citizen.id]
    run_command(argv, log, env={"OMP_NUM_THREADS": "1"})


def registry_record(registry_url: str, number: str) -> dict[str, Any]:
    """The whole record of one person, asked of the running registry (tests compare pages with it)."""
    answer = httpx.post(
        f"{registry_url}/v1/people/lookup",
        json={"number": number},
        headers={"Registry-Caller": "demo", "Registry-Purpose": "check the demo"},
        trust_env=False,
        timeout=10,
    )
    answer.raise_for_status()
    person: dict[str, Any] = answer.json()["person"]
    return person
