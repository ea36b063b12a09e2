"""``ekyc match`` on the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from ekyc.cli import run
from ekyc.image import encode_jpeg
from tests.ekyc_samples import citizen


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for sample in ("01", "02"):
        (tmp_path / f"{sample}-portrait.jpg").write_bytes(citizen(sample).portrait())
        (tmp_path / f"{sample}-selfie.jpg").write_bytes(citizen(sample).selfie())
    (tmp_path / "wall.jpg").write_bytes(encode_jpeg(np.full((300, 300, 3), 90, dtype=np.uint8)))
    (tmp_path / "notes.jpg").write_bytes(b"not a picture")
    return tmp_path


def test_two_photos_as_json(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", str(photos / "01-portrait.jpg"), str(photos / "01-selfie.jpg"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer.keys() == {"distance", "same_person", "engine", "threshold"}
    assert answer["same_person"] is True


def test_two_photos_as_a_sentence(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", str(photos / "01-portrait.jpg"), str(photos / "02-selfie.jpg")]) == 0
    assert capsys.readouterr().out.startswith("different people")


def test_a_refusal_is_one_json_object_and_exit_code_2(
    photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["match", str(photos / "wall.jpg"), str(photos / "01-selfie.jpg"), "--json"]) == 2
    shown = capsys.readouterr()
    error = json.loads(shown.out)["error"]
    assert error["code"] == "face_not_found"
    assert error["message"].startswith("No face")
    assert shown.err == ""


def test_a_refusal_without_json_is_a_sentence(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["match", str(photos / "notes.jpg"), str(photos / "01-selfie.jpg")]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "not a photo" in shown.err


@pytest.mark.parametrize("arguments", [[], ["--pairs", "{root}/pairs.csv"], ["{root}/01-selfie.jpg"]])
def test_wrong_arguments_are_a_usage_error(
    photos: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (photos / "pairs.csv").write_text("file_a,file_b\n", encoding="utf-8")
    assert run(["match", *(a.format(root=photos) for a in arguments), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "usage"


def test_pairs_keep_their_columns_and_get_a_distance_or_a_reason(photos: Path) -> None:
    pairs, out = photos / "pairs.csv", photos / "out.csv"
    rows = [
        ("01-portrait.jpg", "01-selfie.jpg", "1"),
        ("01-portrait.jpg", "02-selfie.jpg", "0"),
        ("01-portrait.jpg", "wall.jpg", "0"),
        ("notes.jpg", "01-selfie.jpg", "0"),
        ("nowhere.jpg", "01-selfie.jpg", "0"),
    ]
    with pairs.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("file_a", "file_b", "same"), *rows])
    assert run(["match", "--pairs", str(pairs), "--root", str(photos), "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [row["same"] for row in written] == ["1", "0", "0", "0", "0"]
    assert float(written[0]["distance"]) < 0.3 < float(written[1]["distance"])
    assert [(row["distance"], row["reason"]) for row in written[2:]] == [
        ("", "face_not_found"),
        ("", "image_not_supported"),
        ("", "file_not_found"),
    ]


def test_pairs_without_their_columns(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (photos / "pairs.csv").write_text("left,right\na,b\n", encoding="utf-8")
    arguments = ["match", "--pairs", str(photos / "pairs.csv"), "--out", str(photos / "out.csv"), "--json"]
    assert run(arguments) == 2
    assert "file_a" in json.loads(capsys.readouterr().out)["error"]["message"]
    assert not (photos / "out.csv").exists()
