"""Starts the servers that are compared, one after the other, each with the processes whose CPU counts."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.postgres import PrivatePostgres

TICK = os.sysconf("SC_CLK_TCK")
NODE = Path(__file__).with_name("peer.mjs")
DJANGO = Path(__file__).with_name("peer_django.py")
_DISCOVERY = {"discovery": "/.well-known/openid-configuration", "jwks": "/jwks", "token": "/token"}
OURS = _DISCOVERY | {"userinfo": "/userinfo", "introspection": "/introspect", "authorize": "/authorize"}
PEER = _DISCOVERY | {"userinfo": "/me", "introspection": "/token/introspection", "authorize": "/auth"}
TOOLKIT = {
    "discovery": "/o/.well-known/openid-configuration",
    "jwks": "/o/.well-known/jwks.json",
    "token": "/o/token/",
    "userinfo": "/o/userinfo/",
    "introspection": "/o/introspect/",
}


@dataclass
class Target:
    """A running server. ``pids`` and their children are the processes whose CPU counts."""

    name: str
    port: int
    pids: list[int]
    ready: dict[str, Any]
    seconds_to_ready: float
    cpu_to_ready: float
    paths: dict[str, str]
    whole: bool = True  # it does every operation; else only discovery, opaque tokens, userinfo, introspection

    def cpu(self) -> float:
        """Seconds used so far."""
        return sum(_cpu(pid) for pid in self.pids)

    def memory_mib(self) -> float:
        """Resident memory of the server's own process and its workers."""
        return _memory_kib(self.pids[0]) / 1024


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _memory_kib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) + sum(map(_memory_kib, _children(pid)))


def _cpu(pid: int) -> float:
    """Of a process and its descendants, those that have ended included."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        children = _children(pid)
    except FileNotFoundError:  # it ended just now: its parent's figure has it
        return 0.0
    ticks = sum(int(field) for field in fields[11:15])
    return ticks / TICK + sum(map(_cpu, children))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def ours(name: str, database_url: str = "", extra: tuple[int, ...] = ()) -> Iterator[Target]:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        argv = [sys.executable, "-m", "benchmarks.oidc.server", folder, str(port), database_url]
        with _started(name, argv, port, OURS, extra):
            pass  # the first start makes keys and tables
        with _started(name, argv, port, OURS, extra) as target:
            yield target


@contextmanager
def on_postgresql() -> Iterator[Target]:
    server = PrivatePostgres(durable=True)
    try:
        with ours("ours, PostgreSQL", server.create_database(), (server.pid,)) as target:
            yield target
    finally:
        server.stop()


@contextmanager
def peer(modules: Path) -> Iterator[Target]:
    port = free_port()
    argv = ["node", str(NODE), str(modules), str(port), "memory"]
    with _started("oidc-provider, memory", argv, port, PEER) as target:
        yield target


@contextmanager
def toolkit(python: Path) -> Iterator[Target]:
    """django-oauth-toolkit under gunicorn; ``python`` is an interpreter that has both."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        argv = [str(python), str(DJANGO), folder, str(port)]
        with _started("django-oauth-toolkit, SQLite", argv, port, TOOLKIT) as target:
            target.whole = False
            yield target


@contextmanager
def peer_on_redis(modules: Path) -> Iterator[Target]:
    """Redis keeps everything in memory, without persistence."""
    redis_port, port = free_port(), free_port()
    redis = subprocess.Popen(
        ["redis-server", "--port", str(redis_port), "--save", "", "--bind", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
    )
    time.sleep(0.5)
    try:
        argv = ["node", str(NODE), str(modules), str(port), "redis", str(redis_port)]
        with _started("oidc-provider, Redis", argv, port, PEER, (redis.pid,)) as target:
            yield target
    finally:
        redis.terminate()
        redis.wait(10)


@contextmanager
def _started(
    name: str, argv: list[str], port: int, paths: dict[str, str], extra: tuple[int, ...] = ()
) -> Iterator[Target]:
    begun = time.perf_counter()
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        line = next(line for line in process.stdout if line.startswith("{"))
        seconds = time.perf_counter() - begun
        pids = [process.pid, *extra]
        yield Target(name, port, pids, json.loads(line), seconds, _cpu(process.pid), paths)
    finally:
        process.terminate()
        process.wait(20)
