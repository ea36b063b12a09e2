"""What one enrolment costs the engine: card photos, face step, decision, in process on SQLite.

    python -m benchmarks.ekyc.enrolment [--level ordinary] [--workers 0] [--out FILE]

CPU and wall seconds a stage, worker processes included (0 of them: all in this process), median over the
sample citizens; models are loaded before the clock runs.
There is no peer to run beside it: no other open engine reads these cards offline.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from ekyc.app import build_runner, build_verifications
from ekyc.registry.embedded import open_registry
from ekyc.registry.person import Person
from ekyc.settings import Settings
from ekyc.specimen import photograph, print_card
from ekyc.specimen.photograph import Level
from ekyc.usecases.results import Outcome
from ekyc.usecases.verification import Verifications
from ekyc.workers.pool import WorkerPool
from tests.ekyc_samples import answer, batches, timed

CITIZENS = ("03", "04", "05", "06", "07", "08", "09", "10")


class Stopwatch:
    """Sums CPU and wall seconds by stage, those of the workers included."""

    def __init__(self, pids: Callable[[], list[int]]) -> None:
        self._pids = pids
        self.stages: dict[str, list[tuple[float, float]]] = {}

    def run(self, stage: str, work: Callable[[], Any]) -> Any:
        cpu, wall = self._cpu(), time.perf_counter()
        result = work()
        took = (self._cpu() - cpu, time.perf_counter() - wall)
        self.stages.setdefault(stage, []).append(took)
        return result

    def _cpu(self) -> float:
        return time.process_time() + sum(_cpu_of(pid) for pid in self._pids())


def _cpu_of(pid: int) -> float:
    """User and system seconds of a process (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def enrol(
    engine: Verifications, person: Person, sample: str, level: Level, seed: int, clock: Stopwatch
) -> str:
    """One citizen from photos to decision; the verdict."""
    card = print_card(person)
    front, back = photograph(card.front, level, seed), photograph(card.back, level, seed + 1)
    started = engine.start()
    frames = list(batches(timed(answer(sample, started.challenge))))
    clock.run("front", lambda: engine.add_document(started.id, "front", front))
    clock.run("back", lambda: engine.add_document(started.id, "back", back))
    clock.run("face step", lambda: [engine.add_frames(started.id, batch) for batch in frames])
    outcome: Outcome = clock.run("decision", lambda: engine.decide(started.id))
    return outcome.verdict


def measure(level: Level, workers: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        registry = open_registry(Path(folder))
        registry.seed(50, seed=1)
        people = {sample: registry.person(registry.sample_numbers()[sample]) for sample in ("12", *CITIZENS)}
        registry.close()
        settings = Settings(data=Path(folder), min_action_seconds=0, queue_seconds=120)
        runner = build_runner(settings, workers)
        pids = (lambda: runner.pids) if isinstance(runner, WorkerPool) else list
        engine = build_verifications(settings, runner=runner)
        enrol(engine, people["12"], "12", level, 1, Stopwatch(pids))  # loads the models
        watch = Stopwatch(pids)
        verdicts = [
            enrol(engine, people[sample], sample, level, 100 + 2 * n, watch)
            for n, sample in enumerate(CITIZENS)
        ]
        runner.end()
    table = {
        stage: {"cpu_s": round(median(c for c, _ in rows), 3), "wall_s": round(median(w for _, w in rows), 3)}
        for stage, rows in watch.stages.items()
    }
    return {"level": level, "workers": workers, "verdicts": verdicts, "stages": table}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--level", default="ordinary", choices=("easy", "ordinary", "hard"))
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    text = json.dumps(measure(options.level, options.workers), indent=1)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
