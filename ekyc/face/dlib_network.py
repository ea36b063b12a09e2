"""dlib's face recognition network, run by onnxruntime: the same weights and numbers, ten times quicker.

The wheel of dlib has no fast matrix arithmetic. Layers as in dlib's ``dnn_face_recognition_ex.cpp``: a 7 x 7
convolution, then residual blocks of two 3 x 3 convolutions, 32 to 256 filters wide, on 150 x 150 pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ekyc.face.dlib_weights import Convolution, read_weights
from ekyc.face.onnx_file import OnnxModel
from ekyc.face.session import open_session

SIDE = 150
_MEAN = np.array([122.782, 117.001, 104.298], dtype=np.float32)  # of dlib's input_rgb_image
_SCALE = np.float32(1 / 256)
# (blocks that keep the size, does the first of the level halve it), from the input on
_LEVELS = ((3, False), (3, True), (2, True), (2, True), (0, True))
_ODD = 256  # filters of the levels where a block is one pixel short: 3 beside 4, 1 beside 2


class DlibNetwork:
    """150 x 150 RGB chips to 128 values each. Safe to share between threads."""

    def __init__(self, weights: Path) -> None:
        """Raises UnknownWeightsError, OSError."""
        self._session: Any = open_session(network_file(weights))

    def embed(self, chip: NDArray[np.uint8]) -> NDArray[np.float64]:
        values = (chip.astype(np.float32) - _MEAN) * _SCALE
        (out,) = self._session.run(None, {"image": values.transpose(2, 0, 1)[None]})
        return np.asarray(out[0], dtype=np.float64)


def network_file(weights_file: Path) -> bytes:
    """An ONNX file: "image" in, (1, 3, 150, 150), 128 values out. Raises as ``DlibNetwork``."""
    weights = read_weights(weights_file)
    model = OnnxModel({"image": (1, 3, SIDE, SIDE)})
    layers = iter(weights.convolutions)
    first = next(layers)
    here = model.node("Relu", _convolve(model, "image", first, stride=2))
    here = model.node("MaxPool", here, kernel_shape=(3, 3), strides=(2, 2))
    channels = first.biases.size
    for same, halves in _LEVELS:
        if halves:
            here, channels = _halving(model, here, layers, channels)
        for _ in range(same):
            inner = model.node("Relu", _convolve(model, here, next(layers)))
            here = model.node("Relu", model.node("Add", _convolve(model, inner, next(layers)), here))
    pooled = model.node("Flatten", model.node("GlobalAveragePool", here))
    return model.to_bytes(model.node("MatMul", pooled, model.weight(weights.output)), (1, 128))


def _halving(model: OnnxModel, here: str, layers: Iterator[Convolution], channels: int) -> tuple[str, int]:
    """A block that halves the size; what goes around it is averaged. The smaller of both is filled with 0."""
    inner = model.node("Relu", _convolve(model, here, next(layers), stride=2))
    last = next(layers)
    block, wider = _convolve(model, inner, last), last.biases.size
    around = model.node("AveragePool", here, kernel_shape=(2, 2), strides=(2, 2))
    if wider > channels:
        around = _fill(model, around, channels=wider - channels)
    if wider == _ODD:
        block = _fill(model, block, pixels=1)
    return model.node("Relu", model.node("Add", block, around)), wider


def _fill(model: OnnxModel, here: str, *, channels: int = 0, pixels: int = 0) -> str:
    pads = np.array([0, 0, 0, 0, 0, channels, pixels, pixels], dtype=np.int64)
    return model.node("Pad", here, model.weight(pads))


def _convolve(model: OnnxModel, here: str, layer: Convolution, stride: int = 1) -> str:
    """dlib pads only where the stride is 1."""
    side = layer.filters.shape[2]
    pad = side // 2 if stride == 1 else 0
    inputs = here, model.weight(layer.filters), model.weight(layer.biases)
    return model.node("Conv", *inputs, kernel_shape=(side, side), strides=(stride,) * 2, pads=(pad,) * 4)
