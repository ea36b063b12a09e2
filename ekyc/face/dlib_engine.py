"""The default face engine: dlib's detector, landmarks and 128-value ResNet embedding."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import dlib
import numpy as np

from ekyc.face.calibration import DEFAULT_ENGINE, Calibration, shipped_calibration
from ekyc.face.dlib_detector import DlibDetector, model_path
from ekyc.face.dlib_network import SIDE, DlibNetwork
from ekyc.face.vectors import angular_distance, mean_direction
from ekyc.ports import Embedding, Face, Image

_MARGIN = 0.25  # around the face in a chip, as the network was trained


@cache
def dlib_engine() -> DlibEngine:
    """The engine of this process; models are read from disk once, at the first call."""
    return DlibEngine(shipped_calibration(DEFAULT_ENGINE))


class DlibEngine:
    """Implements ``ports.FaceEngine``. Safe to share between threads.

    Each face is embedded together with its mirror image: at 1 false match in 10,000 that and comparing
    directions instead of points refuse a third fewer honest people (docs/accuracy.md).
    """

    name = DEFAULT_ENGINE

    def __init__(self, calibration: Calibration) -> None:
        self.calibration = calibration
        self._detector = DlibDetector()
        self._five_points = dlib.shape_predictor(model_path("shape_predictor_5_face_landmarks.dat"))
        self._network = DlibNetwork(Path(model_path("dlib_face_recognition_resnet_model_v1.dat")))

    def detect(self, image: Image) -> list[Face]:
        return self._detector.detect(image)

    def detect_near(self, image: Image) -> list[Face]:
        return self._detector.detect_near(image)

    def align(self, image: Image, face: Face) -> Image:
        """150 x 150 pixels, by 5 points, which measures better than 68."""
        box = dlib.rectangle(face.left, face.top, face.right, face.bottom)
        chip: Image = dlib.get_face_chip(image, self._five_points(image, box), SIDE, _MARGIN)
        return chip

    def embed(self, image: Image, face: Face) -> Embedding:
        """128 values of length 1."""
        chip = self.align(image, face)
        mirrored = np.ascontiguousarray(chip[:, ::-1])
        return mean_direction([self._network.embed(chip), self._network.embed(mirrored)])

    def distance(self, a: Embedding, b: Embedding) -> float:
        """0 is the same picture, strangers are around 0.6."""
        return angular_distance(a, b)
