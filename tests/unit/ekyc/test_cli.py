"""The command ``ekyc`` itself, and the sentences behind its codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from ekyc.cli import COMMANDS, run
from ekyc.decision import REVIEW_REASONS
from ekyc.errors import CODES, EkycError, catalogue, message
from ekyc.liveness.progress import Hint


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in COMMANDS)


def test_help_loads_no_command() -> None:
    """Models and web servers would make every call slow."""
    script = (
        "import sys; from ekyc.cli import run; run(['--help']);"
        "sys.exit(any(m in sys.modules for m in ('dlib', 'cv2', 'fastapi', 'sqlalchemy', 'onnxruntime')))"
    )
    assert (
        subprocess.run([sys.executable, "-c", script], check=False, stdout=subprocess.DEVNULL).returncode == 0
    )


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_loads(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: ekyc {name}")


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fly", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "usage"


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_code_hint_and_reason_has_a_sentence(locale: str) -> None:
    known = {*CODES, *get_args(Hint), *REVIEW_REASONS}
    assert catalogue(locale).keys() == known
    for sentence in catalogue(locale).values():
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def test_the_languages_differ_and_others_get_vietnamese() -> None:
    assert message("face_not_found", "en-GB") == message("face_not_found", "en")
    assert message("face_not_found", "fr") == message("face_not_found", "vi")
    assert all(message(code, "vi") != message(code, "en") for code in CODES)


def test_an_error_knows_its_code_only_if_it_exists() -> None:
    with pytest.raises(ValueError, match="unknown error code"):
        EkycError("no_such_code")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EKYC_WORKERS", "many"),
        ("EKYC_DATABASE_URL", "hunter2"),
        ("EKYC_REGISTRY_URL", "registry.example/hunter2"),
        ("EKYC_CSCA", "/nowhere"),
        ("EKYC_POLICY", "/nowhere"),
    ],
)
def test_a_wrong_setting_is_named_before_anything_starts(
    name: str,
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, value)
    assert run(["serve", "--port", "0", "--data", str(tmp_path / "data")]) == 2
    said = capsys.readouterr().err
    assert said.startswith(name)
    assert "hunter2" not in said
