"""Which face engine an installation runs: dlib, or the operator's model."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ekyc.face.calibration import (
    DEFAULT_ENGINE,
    SHAPES,
    Calibration,
    CalibrationError,
    ModelInput,
    read_calibration,
    shipped_calibration,
)
from ekyc.face.dlib_engine import dlib_engine
from ekyc.face.onnx_engine import FaceModelError, OnnxEngine, engine_name, read_model
from ekyc.ports import FaceEngine
from ekyc.settings import FaceModel, SettingInvalid


def calibration_of(model: FaceModel | None) -> Calibration:
    """Without loading a network. Raises SettingInvalid: missing, broken, of another model, a shape lacks."""
    if model is None:
        return shipped_calibration(DEFAULT_ENGINE)
    try:
        calibration = read_calibration(Path(model.calibration))
        for shape in SHAPES:
            calibration.distance(shape, 1e-4)
    except CalibrationError as error:
        raise SettingInvalid(f"EKYC_FACE_CALIBRATION: {error}") from None
    expected = engine_name(model.sha256.strip().lower())
    if calibration.engine != expected:
        raise SettingInvalid(f"EKYC_FACE_CALIBRATION: it is of {calibration.engine}, the model is {expected}")
    return calibration


@cache
def face_engine(model: FaceModel | None) -> FaceEngine:
    """The engine of this process; loaded once, at the first call. Raises SettingInvalid."""
    if model is None:
        return dlib_engine()
    calibration = calibration_of(model)
    try:
        return OnnxEngine(read_model(Path(model.path), model.sha256), calibration.given, calibration)
    except FaceModelError as error:
        raise SettingInvalid(f"EKYC_FACE_MODEL: {error}") from None


def uncalibrated_engine(model: Path, given: ModelInput) -> FaceEngine:
    """For measuring a model that has no calibration yet. Raises FaceModelError."""
    try:
        content = model.read_bytes()
    except OSError as error:
        raise FaceModelError(f"face model {model}: {error.strerror}") from error
    return OnnxEngine(content, given, Calibration("", "", {}, given))
