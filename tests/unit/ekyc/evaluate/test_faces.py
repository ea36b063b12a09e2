"""``ekyc evaluate faces`` on the sample citizens, and its arithmetic on numbers made up for it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PilImage

from ekyc.cli import run
from ekyc.evaluate.faces.measure import Compared, Shape, at_rate, calibration_points
from ekyc.evaluate.faces.simulate import chip_portrait, printed_portrait, session_frame
from ekyc.face.calibration import SHAPES, read_calibration
from ekyc.image import decode, encode_jpeg
from tests.ekyc_samples import citizen

SAMPLES = ("01", "02", "04", "05", "06", "07")


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Portraits and selfies of six citizens, pairs.csv, people.csv, and a wall without a face."""
    root = tmp_path_factory.mktemp("faces")
    pairs, people = [["file_a", "file_b", "same"]], [["file", "identity"]]
    for number, sample in enumerate(SAMPLES):
        (root / f"{sample}s.jpg").write_bytes(citizen(sample).selfie())
        (root / f"{sample}p.jpg").write_bytes(citizen(sample).portrait())
        other = SAMPLES[(number + 1) % len(SAMPLES)]
        pairs += [[f"{sample}s.jpg", f"{sample}p.jpg", "1"], [f"{sample}s.jpg", f"{other}p.jpg", "0"]]
        people += [[f"{sample}s.jpg", sample], [f"{sample}p.jpg", sample]]
    (root / "wall.jpg").write_bytes(encode_jpeg(np.full((300, 300, 3), 90, dtype=np.uint8)))
    pairs.append(["wall.jpg", "01p.jpg", "1"])
    people.append(["wall.jpg", "01"])
    write_csv(root / "pairs.csv", pairs)
    write_csv(root / "people.csv", people)
    return root


def test_the_report_and_the_plot(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(["evaluate", "faces", "--pairs", str(folder / "pairs.csv"), "--out", str(out), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report == json.loads((out / "report.json").read_text("utf-8"))
    assert report["photos"] == 13
    assert report["faces_found"][0] == pytest.approx(12 / 13)
    assert report["refused"] == {"face_not_found": ["wall.jpg"]}
    for shape in ("1x1", "3x2"):
        found = report["templates"][shape]
        assert (found["genuine"], found["impostors"]) == (6, 6)
        assert [point["refused"] for point in found["rates"]] == [0, 0, 0]
        assert not any(point["resolved"] for point in found["rates"])
    with PilImage.open(io.BytesIO((out / "det.png").read_bytes())) as plot:
        assert plot.size == (960, 720)
        assert len(plot.getcolors(1 << 20) or []) > 4  # grid, text and two curves


def test_everybody_against_everybody_and_a_calibration(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calibration = tmp_path / "calibration.json"
    arguments = ["evaluate", "faces", "--pairs", str(folder / "pairs.csv")]
    arguments += ["--people", str(folder / "people.csv"), "--write-calibration", str(calibration)]
    assert run(arguments) == 0
    assert "120 impostor comparisons" in capsys.readouterr().out  # 12 photos x 10 of others
    written = read_calibration(calibration)
    assert set(written.shapes) == set(SHAPES)
    assert written.engine == "dlib-resnet-v1-mirrored"
    assert 0.3 < written.distance("1x1", 0.3) < 0.8


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["a", "b"], ["x", "y"]], "lacks the column file_a and file_b and same"),
        ([["file_a", "file_b", "same"]], "lists no pairs"),
        ([["file_a", "file_b", "same"], ["01s.jpg", "01p.jpg", "perhaps"]], "line 2: the column same"),
        ([["file_a", "file_b", "same"], ["01s.jpg", "", "1"]], "line 2: file_a, file_b, same must all be"),
        ([["file_a", "file_b", "same"], ["01s.jpg", "nobody.jpg", "1"]], "not found under"),
        ([["file_a", "file_b", "same"], ["01s.jpg", "01p.jpg", "1"]], "no pair of each kind"),
        ([["file_a", "file_b", "same"], ["wall.jpg", "wall.jpg", "1"]], "No face can be seen"),
    ],
)
def test_a_bad_list_is_explained(
    folder: Path, rows: list[list[str]], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = write_csv(tmp_path / "list.csv", rows)
    assert run(["evaluate", "faces", "--pairs", str(pairs), "--images", str(folder), "--json"]) == 2
    assert words in json.loads(capsys.readouterr().out)["error"]["message"]


@pytest.mark.parametrize("template", ["3", "0x1", "3x4", "axb"])
def test_an_unknown_template(folder: Path, template: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--pairs", str(folder / "pairs.csv"), "--templates", template, "--json"]
    assert run(["evaluate", "faces", *arguments]) == 2
    assert "3x2" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_a_list_that_is_no_text(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "faces", "--pairs", str(folder / "01s.jpg"), "--json"]) == 2
    assert "no CSV file" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_the_limit_lets_through_no_more_than_asked() -> None:
    compared = Compared(np.linspace(0.1, 0.5, 401), np.linspace(0.3, 1.3, 1001))
    point = at_rate(compared, 1e-2)
    assert point.matched == 10  # of 1,001
    assert 0.309 <= point.limit < 0.31
    assert point.refused == 401 - 210  # distances from 0.31 on
    low, high = point.refusal_rate[1:]
    assert low < point.refused / 401 < high
    assert point.resolved
    strict = at_rate(compared, 1e-4)
    assert (strict.matched, strict.resolved) == (0, False)


def test_calibration_points_rise_and_rest_on_ten_impostors() -> None:
    points = calibration_points(Compared(np.zeros(1), np.linspace(0, 1, 10_000)))
    assert points[0] == (pytest.approx(0.001, abs=2e-4), 1e-3)
    assert list(points) == sorted(set(points))


@pytest.mark.parametrize("name", ["1x1", "5x3", "template"])
def test_shapes(name: str) -> None:
    assert Shape.parse(name).name == name


def test_variations_are_of_the_same_size_and_their_own() -> None:
    photo, rng = decode(citizen("01").selfie()), np.random.default_rng(1)
    frames = [session_frame(photo, rng) for _ in range(2)]
    assert all(frame.shape == photo.shape for frame in (*frames, printed_portrait(photo, rng)))
    assert np.abs(frames[0].astype(int) - frames[1].astype(int)).mean() > 1
    assert min(chip_portrait(photo, rng).shape[:2]) == 240
