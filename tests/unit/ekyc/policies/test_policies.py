"""The operator's policy file: what it may say, what it is called, and where it counts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ekyc.app import build_policy
from ekyc.cli import run
from ekyc.policies.file import PolicyError, policy_from, read_policy
from ekyc.policies.safe import LENGTHS, SAFE, flat_values, require_safe
from ekyc.policies.text import flat, settings_of, to_toml, version_of
from ekyc.policy import Policy
from ekyc.settings import Settings


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "policy.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_usual_policy_is_safe_and_reads_back_as_it_was_written(tmp_path: Path) -> None:
    require_safe(Policy())
    assert read_policy(write(tmp_path, to_toml(Policy()))) == Policy()
    assert read_policy(write(tmp_path, "")) == Policy()


def test_every_bound_belongs_to_a_setting() -> None:
    assert set(SAFE) <= set(flat_values(Policy()))
    assert set(LENGTHS) == set(settings_of(Policy())["retention"])


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    text = 'minimum_age = 16\n[face]\nmin_height = 80\n[retention]\nreview = "45 days"\n'
    changed = read_policy(write(tmp_path, text))
    usual = Policy()
    assert changed == replace(
        usual,
        minimum_age=16,
        face=replace(usual.face, min_height=80),
        retention=replace(usual.retention, review=timedelta(days=45)),
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("minimum_agee = 16", "minimum_agee: no such setting"),
        ("[face]\nlimit = 1", "face.limit: no such setting"),
        ("[faces]\nmin_height = 70", "faces: no such setting"),
        ("face = 3", "face: has to be a table"),
        ("minimum_age = 16.0", "minimum_age: has to be of type int"),
        ("minimum_age = true", "minimum_age: has to be of type int"),
        ('[chip]\naccept_sha1 = "yes"', "chip.accept_sha1: has to be of type bool"),
        (
            '[liveness]\nactions = ["blink", "blink"]',
            "liveness.actions: has to be a list",
        ),
        ('[liveness]\nactions = ["dance", "blink", "nod", "closer"]', "liveness.actions: at least"),
        ('[liveness]\nactions = ["blink", "turn_left"]', "liveness.actions: at least actions_asked"),
        ('[liveness]\nactions = "blink"', "liveness.actions: has to be a list"),
        (
            '[liveness]\nactions = ["blink", "nod", "open_mouth", "move_closer"]',
            "liveness.actions: one of turn_left",
        ),
        ('[chip]\ncountry = "vn"', "chip.country"),
        ('[face]\naccept_rate = "0.5"', "face.accept_rate: has to be a number"),
        ("[face]\naccept_rate = nan", "face.accept_rate: has to be a number"),
        ("[face]\naccept_rate = true", "face.accept_rate: has to be a number"),
        ("[retention]\nreview = 30", "retention.review: has to be a length of time"),
        ('[retention]\nreview = "a month"', "retention.review: has to be a length of time"),
        ('[retention]\nreview = "400 days"', "retention.review is not safe: 1 day, 0:00:00 to 90 days"),
        ("[face]\naccept_rate = 0.01", "face.accept_rate = 0.01 is not safe: 1e-06 to 0.001"),
        ("minimum_age = 0", "minimum_age = 0 is not safe: 14 to 120"),
        ("level = 3", "level = 3 is not safe: 1 to 2"),
        ("[liveness]\nmin_action_ms = 0", "liveness.min_action_ms = 0 is not safe"),
        ("[liveness]\nstill_frames = 1", "liveness.still_frames = 1 is not safe: 30 to 120"),
        (
            "[liveness]\nturn = 0.2\nwrong_turn = 0.19",
            "liveness.turn may not be above",
        ),
        ("[face.limits]\nsingle_shot = 0.4", "face.limits: follows from the rates"),
        ("minimum_age = ", "Invalid value"),
        ("# " + "x" * 70_000, "longer than 65536 bytes"),
    ],
)
def test_a_file_that_is_not_safe(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(PolicyError, match=sentence.replace("(", r"\(")):
        read_policy(write(tmp_path, text))


def test_no_number_escapes_its_bounds() -> None:
    for name, value in flat_values(Policy()).items():
        path = name.split(".")
        given: object = value * 1000 + 1000
        given = int(given) if float(value).is_integer() and not isinstance(value, float) else given
        for part in reversed(path):
            given = {part: given}
        with pytest.raises(PolicyError):
            policy_from(given)  # type: ignore[arg-type]


def test_the_version_names_the_values_not_the_file(tmp_path: Path) -> None:
    usual = version_of(Policy())
    assert version_of(read_policy(write(tmp_path, "# a note\nminimum_age = 14\n"))) == usual
    assert version_of(read_policy(write(tmp_path, "minimum_age = 15\n"))) != usual
    assert len(usual) == 64


def test_settings_over_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "minimum_age = 18\n[chip]\nmax_readings = 3\n[liveness]\nmax_attempts = 3\n")
    policy = build_policy(Settings(policy=str(file), chip_sha1=True, min_action_seconds=0.7))
    assert (policy.minimum_age, policy.chip.max_readings, policy.chip.accept_sha1) == (18, 3, True)
    assert (policy.liveness.max_attempts, policy.liveness.min_action_ms) == (3, 700)


def test_a_stricter_rate_is_a_smaller_distance(tmp_path: Path) -> None:
    strict = read_policy(write(tmp_path, "[face]\naccept_rate = 0.00001\n")).face.limits
    assert strict.accept_two_references < Policy().face.limits.accept_two_references
    assert strict.review_up_to == Policy().face.limits.review_up_to


def test_commands_show_and_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EKYC_MIN_ACTION_SECONDS", raising=False)
    file = write(tmp_path, "minimum_age = 18\n")
    assert run(["policy", "check", str(file)]) == 0
    version = version_of(read_policy(file))
    assert capsys.readouterr().out == f"ok, version {version}\n"
    monkeypatch.setenv("EKYC_POLICY", str(file))
    assert run(["policy", "show"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"# version {version}\n")
    assert version_of(read_policy(write(tmp_path, shown))) == version
    assert run(["policy", "show", "--json"]) == 0
    out = json.loads(capsys.readouterr().out)
    assert (out["version"], flat(out["settings"])["face.review_rate"]) == (version, 0.01)
    bad = write(tmp_path, "minimum_age = 3\n")
    assert run(["policy", "check", str(bad)]) == 2
    assert "not safe" in capsys.readouterr().err
    assert run(["policy", "check", str(tmp_path / "none.toml")]) == 2
    assert "No such file" in capsys.readouterr().err
