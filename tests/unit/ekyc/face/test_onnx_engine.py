"""A model of the operator's own: dlib's network written as an ONNX file stands for one."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ekyc.cli import run
from ekyc.face.align import five_points, similarity
from ekyc.face.calibration import SHAPES, Calibration, ModelInput
from ekyc.face.dlib_detector import model_path
from ekyc.face.dlib_network import network_file
from ekyc.face.engines import face_engine
from ekyc.face.match import match
from ekyc.face.onnx_engine import engine_name
from ekyc.face.onnx_file import OnnxModel
from ekyc.image import decode
from ekyc.settings import FaceModel, SettingInvalid, Settings
from tests.ekyc_samples import citizen

GIVEN = ModelInput(mean=115.0, scale=1 / 256)
POINTS = ((0.30, 1e-4), (0.45, 1e-3), (0.55, 1e-2))


@pytest.fixture(scope="module")
def supplied(tmp_path_factory: pytest.TempPathFactory) -> FaceModel:
    return install(tmp_path_factory.mktemp("model"), network_file(Path(model_path(_DLIB))))


_DLIB = "dlib_face_recognition_resnet_model_v1.dat"


def install(folder: Path, content: bytes) -> FaceModel:
    model, calibration = folder / "model.onnx", folder / "calibration.json"
    model.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    shapes = dict.fromkeys(SHAPES, POINTS)
    calibration.write_text(Calibration(engine_name(digest), "a test", shapes, GIVEN).to_json(), "utf-8")
    return FaceModel(str(model), digest, str(calibration))


def small_model(side: int = 32, values: int = 64, channels: int = 3, *, constant: bool = False) -> bytes:
    """Random weights on the whole picture."""
    model = OnnxModel({"x": (1, channels, side, side)})
    size = channels * side * side, values
    weights = np.zeros(size) if constant else np.random.default_rng(1).normal(size=size)
    flat = model.node("Flatten", "x")
    return model.to_bytes(model.node("MatMul", flat, model.weight(weights.astype(np.float32))), (1, values))


def refusal(model: FaceModel) -> str:
    with pytest.raises(SettingInvalid) as refused:
        face_engine(model)
    return str(refused.value)


def test_it_tells_people_apart(supplied: FaceModel) -> None:
    engine = face_engine(supplied)
    own = match(citizen("09").portrait(), citizen("09").selfie(), engine)
    other = match(citizen("09").portrait(), citizen("02").selfie(), engine)
    assert own.distance < other.distance
    assert own.same_person
    assert own.engine == engine.name == engine_name(supplied.sha256)
    assert own.threshold == 0.45


def test_it_is_loaded_once(supplied: FaceModel) -> None:
    assert face_engine(supplied) is face_engine(replace(supplied))


def test_eyes_and_mouth_come_to_the_expected_places(supplied: FaceModel) -> None:
    engine = face_engine(supplied)
    image = decode(citizen("01").selfie())
    aligned = engine.align(image, engine.detect(image)[0])
    assert aligned.shape == (150, 150, 3)
    points = five_points(engine.detect(np.asarray(aligned))[0].landmarks)
    expected = np.array([[51.3, 69.2], [98.5, 69.0], [75.0, 96.1], [55.6, 123.7], [94.7, 123.5]])
    assert np.abs(points - expected).max() < 9


def test_the_similarity_finds_turn_scale_and_shift() -> None:
    here = np.array([[0.0, 0], [10, 0], [5, 5], [2, 9], [8, 9]])
    turn = 1.5 * np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    there = here @ turn.T + [7, -3]
    np.testing.assert_allclose(similarity(here, there), np.column_stack([turn, [7, -3]]), atol=1e-9)


def test_another_file_under_the_same_name(tmp_path: Path) -> None:
    model = install(tmp_path, small_model())
    Path(model.path).write_bytes(small_model(values=65))
    assert refusal(model).startswith("EKYC_FACE_MODEL: face model")
    assert "SHA-256" in refusal(model)


def test_no_file(tmp_path: Path) -> None:
    model = install(tmp_path, small_model())
    Path(model.path).unlink()
    assert "No such file" in refusal(model)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no model", "no ONNX model"),
        (small_model(channels=1), "not one square colour picture"),
        (small_model(side=16), "not one square colour picture"),
        (small_model(values=7), "gives 7 values"),
        (small_model(constant=True), "the same or endless values"),
    ],
)
def test_a_model_that_cannot_be_used(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in refusal(install(tmp_path, content))


def test_a_model_without_a_calibration(tmp_path: Path) -> None:
    model = install(tmp_path, small_model())
    Path(model.calibration).unlink()
    assert refusal(model).startswith("EKYC_FACE_CALIBRATION: ")


def test_the_calibration_of_another_model(tmp_path: Path) -> None:
    model = install(tmp_path, small_model())
    other = Calibration("onnx-0000", "a test", dict.fromkeys(SHAPES, POINTS))
    Path(model.calibration).write_text(other.to_json(), "utf-8")
    assert "it is of onnx-0000" in refusal(model)


def test_a_calibration_that_lacks_a_shape(tmp_path: Path) -> None:
    model = install(tmp_path, small_model())
    lacking = Calibration(engine_name(model.sha256), "a test", {"1x1": POINTS})
    Path(model.calibration).write_text(lacking.to_json(), "utf-8")
    assert "not calibrated for 3x1" in refusal(model)


def test_the_server_refuses_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = install(tmp_path, small_model())
    for name, value in (("", model.path), ("_SHA256", "00" * 32)):
        monkeypatch.setenv(f"EKYC_FACE_MODEL{name}", value)
    assert run(["serve", "--port", "0", "--data", str(tmp_path)]) == 2
    assert "EKYC_FACE_MODEL: EKYC_FACE_MODEL_SHA256 and EKYC_FACE_CALIBRATION" in capsys.readouterr().err
    monkeypatch.setenv("EKYC_FACE_CALIBRATION", model.calibration)
    assert run(["serve", "--port", "0", "--data", str(tmp_path)]) == 2
    assert "EKYC_FACE_CALIBRATION: it is of" in capsys.readouterr().err


def test_settings_without_a_model_are_dlibs() -> None:
    assert Settings().own_face_model is None
