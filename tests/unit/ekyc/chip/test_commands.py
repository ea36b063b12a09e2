"""``ekyc chip``: issue a MOCK chip, let it answer, verify it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from ekyc.cli import run
from ekyc.image import decode
from ekyc.registry.embedded import open_registry

NONCE = "0011223344556677"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    registry = open_registry(folder)
    registry.seed(20, 1)
    registry.close()
    return folder


@pytest.fixture(scope="module")
def number(data: Path) -> str:
    registry = open_registry(data)
    numbers = registry.sample_numbers()
    registry.close()
    return numbers["04"]


def issue(data: Path, number: str, out: Path, *options: str) -> list[str]:
    assert (
        run(["chip", "specimen", "--data", str(data), "--number", number, "--out", str(out), *options]) == 0
    )
    return [str(path) for path in sorted(out.glob("*.bin"))]


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = run(["chip", "verify", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_specimen_is_issued_answers_and_is_verified(
    data: Path, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = issue(data, number, tmp_path, "--signer", "rsa2048", "--pss", "--active", "rsa2048")
    assert len(files) == 6
    assert stat.S_IMODE((tmp_path / "chip.key").stat().st_mode) == 0o600
    answer, portrait = str(tmp_path / "answer"), tmp_path / "face.jpg"
    key = str(tmp_path / "chip.key")
    assert run(["chip", "answer", "--key", key, "--nonce", NONCE, "--out", answer]) == 0
    trusted = ["--csca", str(data / "mock-csca"), "--nonce", NONCE, "--answer", answer]
    code, shown = answered(capsys, *files[::-1], *trusted, "--portrait", str(portrait))
    assert (code, shown["outcome"], shown["active_authentication"]) == (0, "verified", True)
    assert shown["fields"]["number"] == number  # type: ignore[index]
    assert decode(portrait.read_bytes()).shape == (640, 480, 3)
    code, shown = answered(capsys, *files)
    assert (code, shown["outcome"], shown["active_authentication"]) == (0, "integrity_only", False)
    assert run(["chip", "verify", *files]) == 0
    assert number in capsys.readouterr().out


def test_a_second_specimen_has_the_same_authority(
    data: Path, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, options in (("a", ("--digest", "sha1")), ("b", ("--explicit", "--active", "none"))):
        files = issue(data, number, tmp_path / name, *options)
        code, shown = answered(capsys, *files, "--csca", str(data / "mock-csca"), "--accept-sha1")
        assert (code, shown["outcome"]) == (0, "verified")
    code, shown = answered(capsys, *issue(data, number, tmp_path / "a", "--digest", "sha1"))
    assert (code, shown["error"]["code"]) == (2, "chip_algorithm_weak")  # type: ignore[index]


def test_what_cannot_be_verified(
    data: Path, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = issue(data, number, tmp_path)
    noise = tmp_path / "noise"
    noise.write_bytes(b"\0noise")
    broken = tmp_path / "csca"
    broken.mkdir()
    (broken / "a.cer").write_bytes(b"noise")
    for arguments, expected in (
        ((*files[:-1],), "chip_incomplete"),
        ((*files, str(noise)), "chip_unreadable"),
        ((*files, files[0]), "usage"),
        ((*files, str(tmp_path / "none")), "usage"),
        ((*files, "--nonce", "xyz"), "usage"),
        ((*files, "--nonce", NONCE), "chip_answer_missing"),
        ((*files, "--csca", str(broken)), "usage"),
        ((*files, "--csca", str(tmp_path / "none")), "usage"),
    ):
        code, shown = answered(capsys, *arguments)
        assert (code, shown["error"]["code"]) == (2, expected)  # type: ignore[index]
