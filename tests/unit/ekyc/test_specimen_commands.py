"""``ekyc card print`` on a small registry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from ekyc.cli import run
from ekyc.registry.embedded import open_registry
from ekyc.specimen import fonts


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
    return numbers["01"]


def test_prints_and_photographs_both_sides(
    data: Path, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "folder"
    arguments = ["card", "print", "--data", str(data), "--number", number, "--out", str(out)]
    assert run([*arguments, "--photograph", "easy", "--seed", "4", "--json"]) == 0
    paths = json.loads(capsys.readouterr().out)
    assert {Path(path).name for path in paths.values()} == {p.name for p in out.iterdir()}
    assert set(paths) == {"front_png", "front_jpg", "back_png", "back_jpg"}
    texts = [
        code.text
        for side in ("front", "back")
        for code in zxingcpp.read_barcodes(Image.open(paths[f"{side}_png"]))
    ]
    assert [text.split("|")[0] for text in texts] == [number]


def test_without_photograph_only_the_print_is_written(
    data: Path, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["card", "print", "--data", str(data), "--number", number, "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().out.split() == [str(tmp_path / "front.png"), str(tmp_path / "back.png")]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["back.png", "front.png"]


@pytest.mark.parametrize(("wrong", "code"), [("019304999999", "number_unknown"), ("12", "number_invalid")])
def test_a_wrong_number_writes_nothing(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str, code: str
) -> None:
    out = tmp_path / "out"
    assert run(["card", "print", "--data", str(data), "--number", wrong, "--out", str(out), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == code
    assert not out.exists()


def test_a_missing_font_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no fontconfig to ask either
    with pytest.raises(fonts.FontMissingError, match="apt-get install fonts-ocr-b"):
        fonts.font_path("ocr_b", root=tmp_path)


def test_samples_are_printed_by_their_ids(data: Path, tmp_path: Path) -> None:
    words = ["card", "samples", "--data", str(data), "--out", str(tmp_path), "--photograph", "easy", "--id"]
    assert run([*words, "05"]) == 0
    names = sorted(path.name for path in (tmp_path / "05").iterdir())
    assert names == ["back.jpg", "back.png", "front.jpg", "front.png"]
    assert run([*words, "99"]) == 2
