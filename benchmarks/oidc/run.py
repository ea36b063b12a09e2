"""This provider beside npm oidc-provider: server CPU milliseconds per operation, one server process each.

    npm install --prefix DIR oidc-provider ioredis && apt-get install redis-server
    python -m venv VENV && VENV/bin/pip install django-oauth-toolkit gunicorn
    python -m benchmarks.oidc.run --peer-modules DIR [--toolkit VENV/bin/python]

Capacity of one core is 1000 / CPU ms. CPU is that of the server's process and of its database's; the load
generator runs on the other core and waits for each answer, so it limits rates but not this figure.
Each provider hashes passwords and secrets once and cheaply. The servers take turns for some rounds
(``--rounds``, ``--count`` operations each), and each figure is the median of its rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.oidc.http1 import Connection
from benchmarks.oidc.operations import Operation, Operations
from benchmarks.oidc.table import table
from benchmarks.oidc.targets import Target, on_postgresql, ours, peer, peer_on_redis, toolkit

AT_ONCE = (1, 8, 32)
_SETTLE = 4.0  # seconds after which what loads in the background is there
PART = ("discovery", "JWKS", "client_credentials, opaque", "userinfo", "introspection")


def targets(modules: Path, python: Path | None) -> Iterator[AbstractContextManager[Target]]:
    yield ours("ours, SQLite")
    yield on_postgresql()
    yield peer(modules)
    yield peer_on_redis(modules)
    if python is not None:
        yield toolkit(python)


async def measure(target: Target, count: int) -> dict[str, dict[str, float]]:
    operations = Operations(target)
    rows = {}
    for name, operation in operations.single().items():
        if not target.whole and name not in PART:
            continue
        rows[name] = await _times(target, operation, count, 1)
    for workers in AT_ONCE if target.whole else ():
        name = f"login, {workers} at a time"
        rows[name] = await _times(target, operations.login, max(count // 5, 2 * workers), workers)
    return rows


async def _times(target: Target, operation: Operation, count: int, workers: int) -> dict[str, float]:
    """Half of the operations once more beforehand: both runtimes get faster while they are young."""
    await _spread(target, operation, count // 2, workers)
    before, begun = target.cpu(), time.perf_counter()
    times = sorted(await _spread(target, operation, count, workers))
    seconds = time.perf_counter() - begun
    return {
        "cpu_ms": (target.cpu() - before) / count * 1000,
        "per_second": count / seconds,
        "p50_ms": median(times) * 1000,
        "p95_ms": times[int(0.95 * count)] * 1000,
        "p99_ms": times[int(0.99 * count)] * 1000,
    }


async def _spread(target: Target, operation: Operation, count: int, workers: int) -> list[float]:
    """Seconds of each operation; ``workers`` connections share them."""
    times: list[float] = []
    left = iter(range(count))

    async def work() -> None:
        connection = Connection(target.port)
        for _ in left:
            begun = time.perf_counter()
            await operation(connection)
            times.append(time.perf_counter() - begun)
        connection.close()

    await asyncio.gather(*(work() for _ in range(workers)))
    return times


def one_round(options: argparse.Namespace) -> dict[str, Any]:
    """Server -> what was measured; the servers run one after the other."""
    results: dict[str, Any] = {}
    for started in targets(options.peer_modules, options.toolkit):
        with started as target:
            time.sleep(_SETTLE)
            idle = target.memory_mib()
            rows = asyncio.run(measure(target, options.count))
            process = {"ready_s": target.seconds_to_ready, "ready_cpu_s": target.cpu_to_ready}
            process |= {"idle_mib": idle, "loaded_mib": target.memory_mib()}
            results[target.name] = {"operations": rows, "process": process}
    return results


def medians(rounds: list[Any]) -> Any:
    """The same shape, each figure the median of those of the rounds."""
    if isinstance(rounds[0], dict):
        return {key: medians([one[key] for one in rounds]) for key in rounds[0]}
    return median(rounds)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer-modules", type=Path, required=True)
    parser.add_argument("--toolkit", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = medians([one_round(options) for _ in range(options.rounds)])
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    print(table(results))


if __name__ == "__main__":
    main()
