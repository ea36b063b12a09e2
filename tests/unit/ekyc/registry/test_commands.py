"""``ekyc registry`` as scripts call it."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from ekyc.cli import run
from ekyc.registry.embedded import open_registry

PLAIN = {key: value for key, value in os.environ.items() if key != "REGISTRY_DATABASE_URL"}


@pytest.fixture(autouse=True)
def _sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGISTRY_DATABASE_URL", raising=False)


def test_seed_then_sample(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(tmp_path / "new" / "folder")
    assert run(["registry", "seed", "--data", data, "--count", "20", "--seed", "7"]) == 0
    assert "MOCK" in capsys.readouterr().out
    assert run(["registry", "seed", "--data", data, "--count", "20", "--seed", "7", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"mock": True, "count": 20, "seed": 7, "changed": False}
    assert run(["registry", "sample", "--data", data, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in rows] == [f"{number:02d}" for number in range(1, 14)]
    assert set(rows[0]) == {
        "id", "number", "full_name", "date_of_birth", "sex", "card_kind", "date_of_issue", "date_of_expiry",
        "card_status", "life_status",
    }  # fmt: skip
    assert (rows[0]["full_name"], rows[0]["card_status"]) == ("Nguyễn Quốc Bảo", "valid")
    assert rows[11]["date_of_expiry"] is None


def test_sample_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["registry", "seed", "--data", str(tmp_path), "--count", "13", "--seed", "1"])
    assert run(["registry", "sample", "--data", str(tmp_path)]) == 0
    assert "không thời hạn" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["sample"], ["seed", "--count", "12"], ["seed", "--count", "x"], ["seed", "--seed", "-1"], ["unknown"]],
    ids=" ".join,
)
def test_refusals(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    command = ["registry", *arguments, "--data", str(tmp_path)]
    assert run([*command, "--json"]) == 2
    refusal = json.loads(capsys.readouterr().out)
    assert refusal["error"]["code"] == "usage"
    assert refusal["error"]["message"]
    assert run(command) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert not captured.err.startswith("{")


def test_serve_says_when_it_is_ready_and_stops_cleanly(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ekyc.cli", "registry", "serve", "--data", str(tmp_path), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=PLAIN
    ) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        line = server.stdout.readline()
        assert line.startswith("MOCK population registry ready on http://127.0.0.1:")
        address = line.split()[-1]
        assert httpx.get(f"{address}/healthz", trust_env=False).json() == {"mock": True, "status": "ok"}
        assert httpx.get(f"{address}/readyz", trust_env=False).status_code == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=20) in (0, 130)
        assert server.stdout.read() == ""
        assert "Traceback" not in server.stderr.read()


def test_serve_on_a_taken_port(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["registry", "serve", "--data", str(tmp_path), "--port", str(port)]) == 2
    assert f"port {port} cannot be used" in capsys.readouterr().err


def test_the_key_of_the_log_is_private_and_stays(tmp_path: Path) -> None:
    open_registry(tmp_path).close()
    key = tmp_path / "registry.key"
    first = key.read_bytes()
    open_registry(tmp_path).close()
    assert key.read_bytes() == first
    assert len(first) == 32
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob(".registry.key*")] == []


def test_the_database_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_DATABASE_URL", f"sqlite:///{tmp_path / 'elsewhere.db'}")
    opened = open_registry(tmp_path / "data")
    opened.seed(13, 1)
    opened.close()
    assert (tmp_path / "elsewhere.db").exists()
    assert not (tmp_path / "data" / "registry.db").exists()
