"""Start the demo's servers, wait until each is ready, and stop them all, whatever happens."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class ServiceError(Exception):
    """A command failed or a server did not become ready; the message says where to look."""


@dataclass(frozen=True, slots=True)
class Service:
    """One server: the command, its environment on top of ours, and the address that tells it is ready."""

    name: str
    argv: Sequence[str]
    ready_url: str
    env: Mapping[str, str] = field(default_factory=dict)


def command(name: str) -> str:
    """The path of a console script that was installed beside this interpreter."""
    return str(Path(sys.executable).parent / name)


def run_command(argv: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> str:
    """Run one command to its end and return its standard output.

    Raises ServiceError with the command's own words when it fails; its standard error goes to ``log``.
    """
    with log.open("ab") as errors:
        done = subprocess.run(
            list(argv), stdout=subprocess.PIPE, stderr=errors, env=_environment(env), check=False
        )
    out = done.stdout.decode(errors="replace")
    if done.returncode != 0:
        shown = " ".join([Path(argv[0]).name, *argv[1:]])
        raise ServiceError(f"`{shown}` ended with code {done.returncode}\n{out}{tail(log, 15)}".rstrip())
    return out


def tail(path: Path, lines: int = 20) -> str:
    """The last lines of a log, or nothing where there is none."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


class Processes:
    """The running servers. A context manager: leaving it stops them, last started first."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self._running: list[tuple[Service, subprocess.Popen[bytes]]] = []
        logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def log_of(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def start(self, service: Service) -> None:
        """Start without waiting; ``wait_ready`` waits."""
        with self.log_of(service.name).open("ab") as log:
            process = subprocess.Popen(
                list(service.argv),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=_environment(service.env),
                start_new_session=True,  # Ctrl-C reaches the demo alone, which then stops them in order
                preexec_fn=_die_with_parent if _LIBC else None,
            )
        self._running.append((service, process))

    def wait_ready(self, timeout: float = 90.0) -> None:
        """Wait until every started server answers. Raises ServiceError naming the one that does not."""
        deadline = time.monotonic() + timeout
        for service, process in self._running:
            while not _answers(service.ready_url):
                if process.poll() is not None:
                    raise ServiceError(self._sorry(service, f"ended with code {process.returncode}"))
                if time.monotonic() > deadline:
                    raise ServiceError(self._sorry(service, f"was not ready within {timeout:.0f} s"))
                time.sleep(0.1)

    def ended(self) -> str | None:
        """A sentence about a server that ended by itself, or None while all are running."""
        for service, process in self._running:
            if process.poll() is not None:
                return self._sorry(service, f"ended with code {process.returncode}")
        return None

    def stop(self, patience: float = 10.0) -> None:
        """Ask every server to end, then make those end that did not within ``patience`` seconds."""
        for _, process in reversed(self._running):
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + patience
        for _, process in reversed(self._running):
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()
        self._running.clear()

    def _sorry(self, service: Service, what: str) -> str:
        log = self.log_of(service.name)
        return f"{service.name} {what}; its log is {log}\n{tail(log)}".rstrip()


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", **(extra or {})}


def _die_with_parent() -> None:
    # So that nothing is left behind when the demo itself is killed (prctl(2)).
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):  # it ended between the two lines
            os.killpg(process.pid, number)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
