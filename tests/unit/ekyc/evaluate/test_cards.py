"""``ekyc evaluate cards``: what it counts, and a small sample of the evaluation with strict expectations."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from ekyc.cli import run
from ekyc.evaluate import deck, folder
from ekyc.evaluate.bounds import at_most, wilson
from ekyc.evaluate.cards import measure, ways
from ekyc.evaluate.tally import WAYS, WHOLE


def test_bounds_are_those_of_the_textbook() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(100, 100)[1] == 1.0
    assert at_most(400) == 0.0075


def test_what_is_left_out_leaves_its_ways_out() -> None:
    assert ways(False, False) == tuple(WAYS)
    assert ways(True, False) == ("mrz+print", "print")
    assert ways(True, True) == ("print",)


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight cards: one of each kind at each level."""
    out = tmp_path_factory.mktemp("cards")
    assert deck.write(deck.deck(2, 4711, deck.LEVELS, "own"), out) == 8
    return out


def test_eight_varied_cards_are_read_right(photos: Path) -> None:
    report = measure(folder.read(photos), tuple(WAYS))
    for level in ("flat", "easy", "ordinary"):
        found = report["levels"][level]
        assert found["ways"]["qr+mrz+print"][WHOLE]["right"] == 2, report["misread"]
        assert found["ways"]["print"][WHOLE]["right"] == 2, report["misread"]
        code = found["sources"]["qr"]
        assert code["full_name"]["right"] == code["number"]["right"] >= 1
        assert found["sources"]["mrz"]["full_name"]["right"] == 2
        # the print itself, not photographed, does have its portrait pasted in, and the cue for that says so
        assert set(found["failed_checks"]) <= ({"spliced_portrait_front"} if level == "flat" else set())
    hard = report["levels"]["hard"]
    assert hard["refused"] == {}
    assert hard["ways"]["qr+mrz+print"][WHOLE]["right"] == 2, report["misread"]
    assert hard["ways"]["print"]["full_name"]["right"] == 2, report["misread"]
    assert all(counts["wrong"] == 0 for counts in report["confirmed"].values())
    assert report["confirmed"]["qr+mrz+print"]["fields"] > 40
    assert report["confirmed"]["print"]["fields"] == 0  # one source confirms nothing


def test_a_wrong_list_is_noticed(photos: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The user's own list as CSV; a name that the card does not show counts as misread."""
    records = json.loads((photos / "truth.json").read_text(encoding="utf-8"))["cards"]
    flat = {**records[0], "full_name": "Nguyễn Văn Khác", "place_of_origin": "", "level": ""}
    flat |= {side: str(photos / flat[side]) for side in ("front", "back")}
    flat["date_of_expiry"] = flat["date_of_expiry"] or "none"
    with (tmp_path / "truth.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(flat))
        writer.writeheader()
        writer.writerow(flat)
    assert run(["evaluate", "cards", "--photos", str(tmp_path), "--no-qr", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    fields = report["levels"]["photos"]["ways"]["mrz+print"]
    assert (fields["full_name"]["right"], fields["number"]["right"], fields[WHOLE]["right"]) == (0, 1, 0)
    assert "place_of_origin" not in fields
    assert "qr+mrz+print" not in report["levels"]["photos"]["ways"]


def test_the_table_is_for_people(photos: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    record = json.loads((photos / "truth.json").read_text(encoding="utf-8"))["cards"][0]
    for side in ("front", "back"):
        record[side] = str(photos / record[side])
    (tmp_path / "truth.json").write_text(json.dumps({"cards": [record]}), encoding="utf-8")
    assert run(["evaluate", "cards", "--photos", str(tmp_path), "--misread"]) == 0
    shown = capsys.readouterr().out
    assert "fused from qr+mrz+print" in shown
    assert "confirmed fields wrong" in shown


@pytest.mark.parametrize("content", ["[", '{"cards": 3}', "{}", '{"cards": [{"back": "x.jpg"}]}'])
def test_a_broken_list_is_a_usage_error(content: str, tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_text(content, encoding="utf-8")
    assert run(["evaluate", "cards", "--photos", str(tmp_path)]) == 2


def test_a_folder_without_a_list_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "cards", "--photos", str(tmp_path)]) == 2
    assert "truth.json" in capsys.readouterr().err
