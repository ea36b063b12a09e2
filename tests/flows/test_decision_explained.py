"""A decision is bound to what was judged and can be weighed again; outside nobody sees what failed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from ekyc.cli import run
from ekyc.image import sha256
from ekyc.models import manifest
from ekyc.policies.text import version_of
from ekyc.policy import Policy
from tests.ekyc_world import World, card_photos


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def explain(data: Path, verification: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = run(["decision", "explain", verification, "--data", str(data), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_an_officer_weighs_a_rejection_again(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The registry's portrait is a stranger's and the name another: the applicant hears one word."""
    shown = world.change("04", portrait=world.person("12").portrait, full_name="Phạm Văn Khác")
    verification = world.with_card(shown)
    world.show_face(verification, "04")
    outcome = world.verifications.decide(verification)
    public = json.dumps(outcome.to_json(), ensure_ascii=False)
    assert json.loads(public) == {
        "id": verification,
        "verdict": "reject",
        "level": 0,
        "reasons": ["face_mismatch"],
        "checks": [],
        "fields": {},
        "person": None,
    }
    code, found = explain(tmp_path, verification, capsys)
    assert (code, found["agrees"], found["again"]) == (0, True, {"verdict": "reject", "level": 0})
    rules = {rule["name"]: rule for rule in found["rules"]}
    assert rules["registry_full_name"]["reason"] == "registry_mismatch"
    assert rules["face_to_registry"]["weight"] == "reject"
    limit = Policy().face.limits.review_up_to
    assert f"refused above {limit:.3f}" in rules["face_to_registry"]["detail"]
    assert found["policy"] == version_of(Policy())
    assert found["engine"]["models"]["vi_line.onnx"] == manifest()["vi_line.onnx"]
    assert len(found["engine"]["models"]["dlib_face_recognition_resnet_model_v1.dat"]) == 64
    assert found["sha256"]["front"] == sha256(card_photos(shown)["front"])
    assert found["sha256"].keys() == {"front", "back", "face", "registry_portrait"}
    assert found["pictures"] == {}  # gone with the rejection
    kept = json.dumps(found, ensure_ascii=False)
    for value in (shown.number, shown.full_name, "Phạm", shown.date_of_birth.isoformat()):
        assert value not in kept


def test_attack_a_picture_is_exchanged_before_the_officer_looks(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = world.change("04", portrait=None)
    verification = world.with_card(shown)
    world.show_face(verification, "04")
    outcome = world.verifications.decide(verification)
    assert (outcome.verdict, outcome.reasons) == ("review", ("portrait_unavailable",))
    assert {check["outcome"] for check in outcome.to_json()["checks"]} == {"pass"}
    code, found = explain(tmp_path, verification, capsys)
    assert (code, found["pictures"]) == (0, {"front": True, "back": True, "face": True})
    engine = create_engine(f"sqlite:///{tmp_path / 'ekyc.db'}")
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE captures SET image = :image WHERE kind = 'face'"), {"image": b"other"}
        )
    engine.dispose()
    code, found = explain(tmp_path, verification, capsys)
    assert (code, found["agrees"]) == (1, False)
    assert found["pictures"] == {"front": True, "back": True, "face": False}
    assert run(["decision", "explain", verification, "--data", str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert "CHANGED SINCE" in printed
    assert "unavailable  face_to_registry -> review: portrait_unavailable" in printed


def test_what_is_read_shows_no_distance_to_what_would_pass(world: World) -> None:
    started = world.verifications.start()
    for side, photo in card_photos(world.person("04")).items():
        answer = world.verifications.add_document(started.id, side, photo).to_json()
        assert all(check.keys() == {"name", "outcome"} for check in answer["checks"])


def test_nothing_to_explain(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    started = world.verifications.start()
    assert explain(tmp_path, "ver_none", capsys)[1]["error"]["code"] == "verification_not_found"
    assert explain(tmp_path, started.id, capsys)[1]["error"]["code"] == "verification_incomplete"
