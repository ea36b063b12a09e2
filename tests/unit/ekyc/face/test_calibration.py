"""From distances to false-match rates and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ekyc.face.calibration import (
    DEFAULT_ENGINE,
    SHAPES,
    Calibration,
    CalibrationError,
    ModelInput,
    read_calibration,
    shipped_calibration,
)
from ekyc.policy import FacePolicy

ONE = Calibration("e", "m", {"1x1": ((0.30, 1e-4), (0.40, 1e-3), (0.50, 1e-2))})


@pytest.mark.parametrize(("rate", "distance"), [(1e-4, 0.30), (1e-3, 0.40), (1e-2, 0.50)])
def test_measured_points_come_back(rate: float, distance: float) -> None:
    assert ONE.distance("1x1", rate) == pytest.approx(distance)
    assert ONE.rate("1x1", distance) == pytest.approx(rate)


@pytest.mark.parametrize("rate", [1e-7, 1e-5, 3e-4, 5e-3, 0.05, 0.5])
def test_between_and_beyond_the_points_the_two_are_inverse(rate: float) -> None:
    assert ONE.rate("1x1", ONE.distance("1x1", rate)) == pytest.approx(rate, rel=1e-6)


def test_a_stricter_rate_is_always_a_smaller_distance() -> None:
    distances = [ONE.distance("1x1", rate) for rate in (1e-9, 1e-6, 1e-4, 5e-4, 1e-3, 1e-2, 0.1)]
    assert distances == sorted(set(distances))
    assert distances[0] < 0.30


def test_a_rate_no_distance_can_have_is_distance_zero() -> None:
    assert ONE.distance("1x1", 1e-300) == 0.0


def test_a_shape_that_was_not_measured() -> None:
    with pytest.raises(CalibrationError, match="5x2"):
        ONE.distance("5x2", 1e-4)


def test_a_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    whole = replace(ONE, given=ModelInput(0.0, 1.0, "bgr"))
    path.write_text(whole.to_json(), "utf-8")
    assert read_calibration(path) == whole


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"engine": "e", "measured": "m"}',
        '{"engine": "e", "measured": "m", "shapes": {"1x1": [[0.3, 0.001]]}}',
        '{"engine": "e", "measured": "m", "shapes": {"1x1": [[0.3, 0.01], [0.4, 0.001]]}}',
        '{"engine": "e", "measured": "m", "shapes": {"1x1": [[0.3, 0], [0.4, 0.001]]}}',
        '{"engine": "e", "measured": "m", "shapes": {"1x1": [[0.3, 0.1], [NaN, 0.2]]}}',
        '{"engine": "e", "measured": "m", "shapes": {"1x1": [["a", "b"], [0.4, 0.2]]}}',
        '{"engine": "e", "measured": "m", "input": {"order": "grb"}, "shapes": {}}',
        '{"engine": "e", "measured": "m", "input": {"colour": 1}, "shapes": {}}',
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(content, "utf-8")
    with pytest.raises(CalibrationError, match=r"broken\.json"):
        read_calibration(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match="No such file"):
        read_calibration(tmp_path / "nowhere.json")


def test_the_shipped_calibration_knows_every_shape_and_the_policy_reads_it() -> None:
    shipped = shipped_calibration(DEFAULT_ENGINE)
    assert set(SHAPES) <= set(shipped.shapes)
    limits = FacePolicy().limits
    assert limits == FacePolicy().calibrated(shipped).limits
    assert limits.accept_one_reference == shipped.distance("5x1", 1e-4)
    assert limits.accept_one_reference < limits.single_shot < limits.review_up_to
