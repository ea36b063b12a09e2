"""A private PostgreSQL server for tests: Debian's binaries, a free loopback port, a folder of its own."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

import psycopg

_STARTUP_SECONDS = 60
_ADMIN = "postgres"


class PostgresMissing(RuntimeError):
    """The server's programs are not installed."""


class PrivatePostgres:
    """Starts on construction; ``create_database`` gives a fresh one; ``stop`` removes everything."""

    def __init__(self, *, durable: bool = False) -> None:
        """durable: it survives a power cut, as in production; tests are faster without."""
        self._durable = durable
        self._bin = find_binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="motcham-pg-"))
        # the server refuses to run as root, so root hands over to the account of Debian's package
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self._folder, self._user, self._user)
        self.port = _free_port()
        self._numbers = count(1)
        try:
            self._initialise()
            self._server = self._start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the server's own database."""
        return self._url(_ADMIN)

    def create_database(self) -> str:
        """A new empty database; returns its SQLAlchemy URL."""
        name = f"test_{next(self._numbers)}"
        self._admin(f"CREATE DATABASE {name}")
        return self._url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, open connections or not."""
        self._admin(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")

    @property
    def pid(self) -> int:
        """Of the process that all others descend from."""
        return self._server.pid

    def stop(self) -> None:
        self._server.send_signal(signal.SIGQUIT)  # immediate shutdown: nothing here is worth keeping
        self._server.wait(timeout=30)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://{_ADMIN}@127.0.0.1:{self.port}/{database}"

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self._conninfo(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _conninfo(self) -> str:
        return f"host=127.0.0.1 port={self.port} user={_ADMIN} dbname={_ADMIN} connect_timeout=5"

    def _initialise(self) -> None:
        command: list[str | Path] = [
            self._bin / "initdb",
            "-D",
            self._folder / "data",
            "-U",
            _ADMIN,
            "--auth=trust",
        ]
        command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=self._folder, user=self._user, group=self._user,
            extra_groups=[] if self._user else None, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stderr}")

    def _start(self) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self._folder,
            "max_connections": 300,
        }  # fmt: skip
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with (self._folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [self._bin / "postgres", "-D", self._folder / "data", *options],
                stdout=log, stderr=log, cwd=self._folder, user=self._user, group=self._user,
                extra_groups=[] if self._user else None, preexec_fn=_end_with_parent,
            )  # fmt: skip
        self._wait(server)
        return server

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _STARTUP_SECONDS
        while time.monotonic() < deadline and server.poll() is None:
            try:
                psycopg.connect(self._conninfo()).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        server.kill()
        log = (self._folder / "log").read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"PostgreSQL did not start: {log[-2000:]}")


def find_binaries(root: Path = Path("/usr/lib/postgresql")) -> Path:
    """The newest complete installation below ``root``; PostgresMissing names the package."""

    def version(path: Path) -> float:
        return float(path.parent.name)

    found = sorted(root.glob("*/bin"), key=version)
    complete = [folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()]
    if not complete:
        raise PostgresMissing(
            "The store tests need PostgreSQL: install Debian's package `postgresql` (apt install postgresql)."
        )
    return complete[-1]


def _end_with_parent() -> None:
    # a test run that is killed leaves no server behind (prctl PR_SET_PDEATHSIG)
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
