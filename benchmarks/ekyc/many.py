"""Many enrolments on one engine: does the thousandth cost what the first did, how many a second go through?

    python -m benchmarks.ekyc.many flat [--count 1000] [--level ordinary]
    python -m benchmarks.ekyc.many rate [--count 60] [--workers 2] [--clients 4]

``flat``: one process, one after the other; CPU of each enrolment and the memory of the process.
``rate``: worker processes, several citizens at once; enrolments a second. Photos and frames are made before
the clock runs, so that the clients cost next to nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.ekyc.enrolment import CITIZENS, Stopwatch
from ekyc.app import build_policy, build_runner, build_verifications
from ekyc.registry.embedded import open_registry
from ekyc.settings import Settings
from ekyc.specimen import photograph, print_card
from ekyc.specimen.photograph import Level
from ekyc.usecases.results import Outcome
from ekyc.usecases.verification import Verifications
from ekyc.workers.pool import WorkerPool
from tests.ekyc_samples import batches, quick_answer, timed

_LOOKS = 3  # different photos of each card
_STAGES = ("front", "back", "face step", "decision")
Photos = dict[tuple[str, int], tuple[bytes, bytes]]


@dataclass(frozen=True)
class Enrolment:
    """A verification that has begun, with all that its citizen will send."""

    id: str
    front: bytes
    back: bytes
    frames: Sequence[Sequence[tuple[int, bytes]]]


def take_photos(folder: Path, level: Level) -> Photos:
    """Of the sample citizens of a fresh mock registry in the folder."""
    registry = open_registry(folder)
    registry.seed(50, seed=1)
    people = {sample: registry.person(registry.sample_numbers()[sample]) for sample in CITIZENS}
    registry.close()
    photos: Photos = {}
    for sample, person in people.items():
        card = print_card(person)
        for look in range(_LOOKS):
            seed = 1000 + 10 * look + int(sample)
            photos[sample, look] = (
                photograph(card.front, level, seed),
                photograph(card.back, level, seed + 500),
            )
    return photos


def begin(engine: Verifications, photos: Photos, number: int) -> Enrolment:
    sample = CITIZENS[number % len(CITIZENS)]
    front, back = photos[sample, number // len(CITIZENS) % _LOOKS]
    started = engine.start()
    frames = timed(quick_answer(sample, started.challenge))
    return Enrolment(started.id, front, back, list(batches(frames)))


def finish(engine: Verifications, one: Enrolment, watch: Stopwatch) -> str:
    """The verdict."""
    watch.run("front", lambda: engine.add_document(one.id, "front", one.front))
    watch.run("back", lambda: engine.add_document(one.id, "back", one.back))
    steps = watch.run("face step", lambda: [engine.add_frames(one.id, batch) for batch in one.frames])
    if steps[-1].state != "done":
        return f"face step: {steps[-1].hint}"
    outcome: Outcome = watch.run("decision", lambda: engine.decide(one.id))
    return outcome.verdict


def flat(folder: Path, level: Level, count: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Every tenth of the run: median and 95th percentile of CPU, and what the process holds."""
    photos, engine = take_photos(folder, level), _engine(folder, None)
    finish(engine, begin(engine, photos, 0), Stopwatch(list))  # loads the models
    watches, verdicts, rows = list[Stopwatch](), Counter[str](), []
    part = max(1, count // 10)
    for number in range(count):
        watches.append(Stopwatch(list))
        verdicts[finish(engine, begin(engine, photos, number), watches[-1])] += 1
        if (number + 1) % part == 0:
            costs = sorted(_cpu(watch) for watch in watches[-part:])
            p95 = costs[min(part - 1, round(0.95 * part))]
            rows.append(
                {"to": number + 1, "cpu_s": round(median(costs), 3), "p95": round(p95, 3), "mib": _memory()}
            )
            say(json.dumps(rows[-1]))
    seen = {stage: [cpu for watch in watches for cpu, _ in watch.stages.get(stage, ())] for stage in _STAGES}
    stages = {stage: round(median(costs), 3) for stage, costs in seen.items()}
    frames = sum(len(batch) for batch in begin(engine, photos, 0).frames)
    return {"verdicts": verdicts, "frames": frames, "cpu_s": stages, "parts": rows}


def rate(folder: Path, level: Level, count: int, workers: int, clients: int) -> dict[str, Any]:
    settings = _settings(folder)
    photos, runner = take_photos(folder, level), build_runner(settings, workers)
    pids = (lambda: runner.pids) if isinstance(runner, WorkerPool) else list
    engine = _engine(folder, runner)
    with ThreadPoolExecutor(clients) as pool:
        warm = [begin(engine, photos, number) for number in range(2 * clients)]
        list(pool.map(lambda one: finish(engine, one, Stopwatch(list)), warm))
        ready = [begin(engine, photos, number) for number in range(count)]
        whole = Stopwatch(pids)
        verdicts = whole.run(
            "all", lambda: list(pool.map(lambda one: finish(engine, one, Stopwatch(list)), ready))
        )
    runner.end()
    ((cpu, wall),) = whole.stages["all"]
    return {
        "verdicts": Counter(verdicts),
        "workers": workers,
        "clients": clients,
        "seconds": round(wall, 1),
        "enrolments_a_second": round(count / wall, 2),
        "cpu_s_an_enrolment": round(cpu / count, 3),
    }


def _settings(folder: Path) -> Settings:
    return Settings(data=folder, min_action_seconds=0, queue_seconds=120, queue=30)


def _engine(folder: Path, runner: Any) -> Verifications:
    policy = build_policy(_settings(folder))
    # verifications begin long before their frames are sent
    patient = replace(policy, liveness=replace(policy.liveness, max_ms=10**9))
    return build_verifications(_settings(folder), patient, runner)


def _cpu(watch: Stopwatch) -> float:
    return sum(cpu for rows in watch.stages.values() for cpu, _ in rows)


def _memory() -> int:
    """MiB resident in this process (proc(5), statm)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=("flat", "rate"))
    parser.add_argument("--level", default="ordinary", choices=("easy", "ordinary", "hard"))
    parser.add_argument("--count", type=int)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--clients", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.what == "flat":
            found = flat(folder, options.level, options.count or 1000, lambda line: print(line, flush=True))
        else:
            found = rate(folder, options.level, options.count or 60, options.workers, options.clients)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
