"""``ekyc train-reader`` without what only training needs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ekyc.cli import run
from ekyc.reader.training.needs import MissingForTrainingError, need


def test_what_is_missing_is_named() -> None:
    with pytest.raises(MissingForTrainingError, match="pip install torch"):
        need("no_such_module", "torch")


def test_the_command_says_what_it_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)  # as where it is not installed
    assert run(["train-reader", "--folder", str(tmp_path), "--lines", "10"]) == 2
    assert "torch" in capsys.readouterr().err
