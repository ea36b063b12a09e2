"""A Node.js relying party: tells what it wants as lines of JSON, is answered by lines."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"


class NodeApp:
    """One run of a script of this folder."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def hears(self) -> dict[str, Any]:
        """The script's next line; its own words where it ended instead."""
        assert self._process.stdout and self._process.stderr
        line = self._process.stdout.readline()
        if not line:
            pytest.fail(f"the script ended:\n{self._process.stderr.read()}", pytrace=False)
        said: dict[str, Any] = json.loads(line)
        return said

    def tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


@contextmanager
def node(script: str, **settings: str) -> Iterator[NodeApp]:
    """Runs ``script`` with ``settings`` as its argument; it is gone afterwards, whatever happened."""
    if not shutil.which("node") or not PACKAGES.exists():
        pytest.fail("Node.js or tests/clients/node_modules is missing: run `make setup-test`", pytrace=False)
    process = subprocess.Popen(
        ["node", str(HERE / script), json.dumps(settings)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=HERE,
    )
    with process:
        try:
            yield NodeApp(process)
        finally:
            process.kill()
