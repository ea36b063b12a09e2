"""A face engine on a model that the operator supplies: ONNX, by path and SHA-256; nothing is fetched."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from ekyc.face.align import align
from ekyc.face.calibration import Calibration, ModelInput
from ekyc.face.dlib_detector import DlibDetector
from ekyc.face.session import open_session
from ekyc.face.vectors import angular_distance, mean_direction
from ekyc.ports import Embedding, Face, Image

_FEWEST, _MOST = 32, 4096  # values of an embedding


class FaceModelError(ValueError):
    """The model cannot be used; the message says why."""


class OnnxEngine:
    """Implements ``ports.FaceEngine``. Finds faces as dlib does; aligns by five points; safe between threads.

    The model takes one picture, (1, 3, side, side) or (1, side, side, 3), and gives one row of values.
    """

    def __init__(self, model: bytes, given: ModelInput, calibration: Calibration) -> None:
        """Raises FaceModelError."""
        self.name = engine_name(hashlib.sha256(model).hexdigest())
        self.calibration = calibration
        self._given = given
        self._session = _open(model)
        self._side, self._channels_first = _input_side(self._session)
        self._input = self._session.get_inputs()[0].name
        self._detector = DlibDetector()
        self._try()

    def detect(self, image: Image) -> list[Face]:
        return self._detector.detect(image)

    def detect_near(self, image: Image) -> list[Face]:
        return self._detector.detect_near(image)

    def align(self, image: Image, face: Face) -> Image:
        return align(image, face, self._side)

    def embed(self, image: Image, face: Face) -> Embedding:
        """Length 1, of the face and its mirror image."""
        chip = self.align(image, face)
        return mean_direction([self._run(chip), self._run(chip[:, ::-1])])

    def distance(self, a: Embedding, b: Embedding) -> float:
        """0 is the same picture, 1.41 has nothing in common."""
        return angular_distance(a, b)

    def _run(self, chip: Image) -> Embedding:
        values = chip.astype(np.float32) if self._given.order == "rgb" else chip[..., ::-1].astype(np.float32)
        values = (values - np.float32(self._given.mean)) * np.float32(self._given.scale)
        if self._channels_first:
            values = values.transpose(2, 0, 1)
        out = self._session.run(None, {self._input: np.ascontiguousarray(values[None])})[0]
        return np.asarray(out, dtype=np.float64).reshape(-1)

    def _try(self) -> None:
        rng = np.random.default_rng(0)
        chips = rng.integers(0, 256, (2, self._side, self._side, 3), dtype=np.uint8)
        try:
            a, b = (self._run(chip) for chip in chips)
        except Exception as error:  # onnxruntime has no error class of its own for what a model may do
            raise FaceModelError(f"the face model cannot be run: {error}") from error
        if not _FEWEST <= a.size <= _MOST:
            raise FaceModelError(f"the face model gives {a.size} values, not {_FEWEST} to {_MOST}")
        if not (np.isfinite([a, b]).all() and np.linalg.norm(a - b) > 0):
            raise FaceModelError("the face model gives the same or endless values whatever it sees")


def engine_name(sha256: str) -> str:
    """The name under which distances of this model are calibrated and kept."""
    return f"onnx-{sha256[:16]}"


def read_model(path: Path, sha256: str) -> bytes:
    """Raises FaceModelError when the file is not there or is another."""
    try:
        model = path.read_bytes()
    except OSError as error:
        raise FaceModelError(f"face model {path}: {error.strerror}") from error
    found = hashlib.sha256(model).hexdigest()
    if found != sha256.strip().lower():
        raise FaceModelError(f"face model {path} has the SHA-256 {found}, not {sha256.strip()}")
    return model


def _open(model: bytes) -> Any:
    try:
        return open_session(model)
    except Exception as error:  # see _try
        raise FaceModelError(f"the face model is no ONNX model that can be run: {error}") from error


def _input_side(session: Any) -> tuple[int, bool]:
    """Pixels of a side, and whether colours come before rows."""
    inputs = session.get_inputs()
    shape = list(inputs[0].shape)
    if len(inputs) == 1 and inputs[0].type == "tensor(float)" and len(shape) == 4:
        _, *rest = shape
        for channels, rows, columns, first in ((*rest, True), (rest[2], rest[0], rest[1], False)):
            if channels == 3 and rows == columns and isinstance(rows, int) and 32 <= rows <= 512:
                return rows, first
    raise FaceModelError(f"the face model takes {shape}, not one square colour picture of fixed size")
