"""A small seeded sample of what ``ekyc evaluate liveness`` measures at length."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ekyc.evaluate.liveness import as_text, liveness, measure
from ekyc.liveness.challenge import Action
from tests.ekyc_samples import STEP_MS, answer


@pytest.mark.parametrize("kind", ["ordinary", "low light"])
def test_honest_people_come_through(kind: str) -> None:
    row = measure(1, 7, [kind])["bona_fide"][kind]
    assert (row["accepted"], row["n"]) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("other order", "liveness_wrong_order"),
        ("frames again", "liveness_frames_reused"),
        ("swapped", "liveness_person_changed"),
        ("swapped briefly", "liveness_person_changed"),
        ("two cameras", "liveness_camera_changed"),
    ],
)
def test_an_attack_is_refused_for_what_it_is(kind: str, code: str) -> None:
    row = measure(1, 7, [kind])["attacks"][kind]
    assert (row["refused"], row["codes"]) == (1, {code: 1})


@pytest.mark.parametrize("kind", ["photo waved", "photo bent more", "cut-out"])
def test_a_print_is_refused_whatever_a_hand_does_with_it(kind: str) -> None:
    assert measure(1, 7, [kind])["attacks"][kind]["refused"] == 1


def test_a_screen_goes_to_an_officer() -> None:
    row = measure(1, 7, ["screen"])["attacks"]["screen"]
    assert (row["accepted"], row["cues"]) == (0, {"moire": 1})


def test_the_command_prints_both_tables_and_json() -> None:
    said = CliRunner().invoke(liveness, ["--count", "1", "--kind", "two cameras", "--json"])
    report = json.loads(said.stdout)
    assert report["attacks"]["two cameras"]["n"] == 1
    text = as_text(report)
    assert "APCER (95 % bounds)" in text
    assert "0.0% (0.0% to 79.3%)  liveness_camera_changed 1" in text


def test_a_folder_of_ones_own_recordings(tmp_path: Path) -> None:
    challenge: tuple[Action, ...] = ("turn_left", "open_mouth")
    for kind, actions in (("bona_fide", challenge), ("another order", challenge[::-1])):
        session = tmp_path / kind / "one"
        session.mkdir(parents=True)
        (session / "challenge.txt").write_text("\n".join(challenge))
        for number, frame in enumerate(answer("04", actions)):
            (session / f"frame_{number * STEP_MS:06d}.jpg").write_bytes(frame)
    said = CliRunner().invoke(liveness, ["--recordings", str(tmp_path), "--json"])
    report = json.loads(said.stdout)
    assert report["bona_fide"]["bona_fide"]["accepted"] == 1
    assert report["attacks"]["another order"]["refused"] == 1


def test_a_folder_that_is_laid_out_otherwise_is_told_how(tmp_path: Path) -> None:
    assert "challenge.txt" in CliRunner().invoke(liveness, ["--recordings", str(tmp_path)]).output
    (tmp_path / "bona_fide" / "one").mkdir(parents=True)
    (tmp_path / "bona_fide" / "one" / "challenge.txt").write_text("dance")
    assert "dance" in CliRunner().invoke(liveness, ["--recordings", str(tmp_path)]).output
