"""This provider beside npm oidc-provider: server CPU milliseconds per operation, one process each.

    npm install --prefix DIR oidc-provider ioredis && apt-get install redis-server
    python -m benchmarks.oidc.run --peer-modules DIR [--count 1000]

Capacity of one core is 1000 / CPU ms. CPU is the server's process plus its database's; the load generator
keeps one connection open and waits for each answer, so it limits rates but not the figure.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Target:
    """A running server. ``pids`` are the processes whose CPU counts."""

    name: str
    port: int
    pids: list[int]
    ready: dict[str, Any]
    seconds_to_ready: float
    paths: dict[str, str]

    def cpu(self) -> float:
        """Seconds used so far."""
        total = 0
        for pid in self.pids:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def memory_mib(self) -> float:
        status = Path(f"/proc/{self.pids[0]}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(
    name: str, argv: list[str], port: int, paths: dict[str, str], extra: list[int]
) -> Iterator[Target]:
    begun = time.perf_counter()
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        line = next(line for line in process.stdout if line.startswith("{"))
        yield Target(name, port, [process.pid, *extra], json.loads(line), time.perf_counter() - begun, paths)
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def redis() -> Iterator[tuple[int, int]]:
    """(port, pid) of a private server that keeps everything in memory."""
    port = free_port()
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL
    )
    time.sleep(0.5)
    try:
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


OURS = {"discovery": "/.well-known/openid-configuration", "jwks": "/jwks", "token": "/token"}
OURS |= {"userinfo": "/userinfo", "introspection": "/introspect"}
PEER = {"discovery": "/.well-known/openid-configuration", "jwks": "/jwks", "token": "/token"}
PEER |= {"userinfo": "/me", "introspection": "/token/introspection"}


def operations(target: Target) -> dict[str, Callable[[http.client.HTTPConnection], None]]:
    """Name -> one request; a wrong status ends the benchmark."""

    def call(
        connection: http.client.HTTPConnection, path: str, form: dict[str, str] | None, auth: str
    ) -> bytes:
        headers = {"Authorization": auth} if auth else {}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(form) if form is not None else None
        connection.request("POST" if form is not None else "GET", path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{target.name} {path}: {answer.status} {content[:300]!r}")
        return content

    def basic(name: str) -> str:
        client_id, secret = target.ready.get(name) or (name, "secret-of-the-benchmark")
        return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()

    bearer = f"Bearer {target.ready['access']}"
    refresh = [target.ready.get("refresh")]

    def rotate(connection: http.client.HTTPConnection) -> None:
        form = {"grant_type": "refresh_token", "refresh_token": str(refresh[0])}
        refresh[0] = json.loads(call(connection, target.paths["token"], form, basic("opaque")))[
            "refresh_token"
        ]

    own = {"grant_type": "client_credentials"}
    known = {"token": str(target.ready["access"])}
    made: dict[str, Callable[[http.client.HTTPConnection], None]] = {
        "discovery": lambda c: void(call(c, target.paths["discovery"], None, "")),
        "JWKS": lambda c: void(call(c, target.paths["jwks"], None, "")),
        "client_credentials, opaque": lambda c: void(call(c, target.paths["token"], own, basic("opaque"))),
        "client_credentials, JWT ES256": lambda c: void(call(c, target.paths["token"], own, basic("es256"))),
        "userinfo": lambda c: void(call(c, target.paths["userinfo"], None, bearer)),
        "introspection": lambda c: void(call(c, target.paths["introspection"], known, basic("opaque"))),
    }
    if refresh[0]:
        made["refresh with rotation"] = rotate
    return made


def void(_: object) -> None:
    """Drops an answer."""


def measure(target: Target, count: int) -> dict[str, dict[str, float]]:
    rows: dict[str, dict[str, float]] = {}
    for name, operation in operations(target).items():
        connection = http.client.HTTPConnection("127.0.0.1", target.port)
        for _ in range(count // 5):  # warm
            operation(connection)
        times: list[float] = []
        before = target.cpu()
        for _ in range(count):
            begun = time.perf_counter()
            operation(connection)
            times.append(time.perf_counter() - begun)
        cpu = (target.cpu() - before) / count * 1000
        connection.close()
        times.sort()
        rows[name] = {
            "cpu_ms": round(cpu, 3),
            "p50_ms": round(median(times) * 1000, 2),
            "p99_ms": round(times[int(0.99 * count)] * 1000, 2),
        }
    return rows


def targets(options: argparse.Namespace, stack: ExitStack) -> Iterator[Target]:
    """One after the other, so that they do not share the cores."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    node = ["node", str(Path(__file__).with_name("peer.mjs")), str(options.peer_modules)]
    port = free_port()
    argv = [sys.executable, "-m", "benchmarks.oidc.server", str(folder / "ours"), str(port), ""]
    with started("ours, SQLite", argv, port, OURS, []) as target:
        yield target
    port = free_port()
    with started("oidc-provider, memory", [*node, str(port), "memory"], port, PEER, []) as target:
        yield target
    with redis() as (redis_port, pid):
        port = free_port()
        argv = [*node, str(port), "redis", str(redis_port)]
        with started("oidc-provider, Redis", argv, port, PEER, [pid]) as target:
            yield target


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer-modules", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args()
    results: dict[str, Any] = {}
    with ExitStack() as stack:
        for target in targets(options, stack):
            idle = target.memory_mib()
            rows = measure(target, options.count)
            results[target.name] = rows | {
                "process": {
                    "ready_s": round(target.seconds_to_ready, 2),
                    "idle_mib": round(idle),
                    "loaded_mib": round(target.memory_mib()),
                }
            }
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
