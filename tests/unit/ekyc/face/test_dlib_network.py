"""dlib's network over onnxruntime gives what dlib itself gives."""

from __future__ import annotations

from pathlib import Path

import dlib
import numpy as np
import pytest

from ekyc.face.dlib_detector import model_path
from ekyc.face.dlib_engine import dlib_engine
from ekyc.face.dlib_network import SIDE, DlibNetwork
from ekyc.face.dlib_weights import UnknownWeightsError, read_weights
from ekyc.image import decode
from tests.ekyc_samples import citizen

WEIGHTS = Path(model_path("dlib_face_recognition_resnet_model_v1.dat"))


def test_the_same_values_as_dlib() -> None:
    engine, ours = dlib_engine(), DlibNetwork(WEIGHTS)
    theirs = dlib.face_recognition_model_v1(str(WEIGHTS))
    five = dlib.shape_predictor(model_path("shape_predictor_5_face_landmarks.dat"))
    for sample in ("01", "09"):
        image = decode(citizen(sample).selfie())
        face = engine.detect(image)[0]
        shape = five(image, dlib.rectangle(face.left, face.top, face.right, face.bottom))
        expected = np.array(theirs.compute_face_descriptor(image, shape))
        np.testing.assert_allclose(ours.embed(engine.align(image, face)), expected, atol=1e-5)


def test_noise_gives_the_same_values_too() -> None:
    chip = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    expected = np.array(dlib.face_recognition_model_v1(str(WEIGHTS)).compute_face_descriptor(chip))
    np.testing.assert_allclose(DlibNetwork(WEIGHTS).embed(chip), expected, atol=1e-5)


def test_another_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "network.dat"
    other.write_bytes(WEIGHTS.read_bytes()[: 1 << 20])
    with pytest.raises(UnknownWeightsError):
        read_weights(other)
    other.write_bytes(WEIGHTS.read_bytes()[:-4096])  # the last tensor is cut off
    with pytest.raises(UnknownWeightsError):
        read_weights(other)
