"""Reads the weights out of dlib's ``dlib_face_recognition_resnet_model_v1.dat``.

dlib writes a network from its input to its output, each layer as its name followed by its numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_LAYER = re.compile(rb"\x01\x05con_4|\x01\x07affine_|\x01\x04fc_2")  # each with its length in front
_TENSOR_VERSION = 2
_CONVOLUTIONS = 29
_CHANNELS = 3


class UnknownWeightsError(ValueError):
    """The file is not laid out as dlib's face recognition network is."""


@dataclass(frozen=True, slots=True)
class Convolution:
    """Filters (out, in, rows, columns) and biases, with the affine layer behind them worked in."""

    filters: Floats
    biases: Floats


@dataclass(frozen=True, slots=True)
class Weights:
    """convolutions: from the input on. output: (256, 128), without biases."""

    convolutions: tuple[Convolution, ...]
    output: Floats


def read_weights(path: Path) -> Weights:
    """Raises UnknownWeightsError, OSError."""
    data = path.read_bytes()
    layers = [(match.group()[2:], _tensor(data, match)) for match in _LAYER.finditer(data)]
    kinds = [name for name, _ in layers]
    if kinds != [b"con_4", b"affine_"] * _CONVOLUTIONS + [b"fc_2"]:
        raise UnknownWeightsError(path.name)
    convolutions, inputs = [], _CHANNELS
    for (_, kernel), (_, affine) in zip(layers[0:-1:2], layers[1:-1:2], strict=True):
        convolutions.append(_folded(kernel, affine, inputs))
        inputs = affine.size // 2
    return Weights(tuple(convolutions), layers[-1][1].reshape(inputs, -1))


def _folded(kernel: Floats, affine: Floats, inputs: int) -> Convolution:
    scale, shift = np.split(affine, 2)
    outputs = scale.size
    side = round(((kernel.size - outputs) / (outputs * inputs)) ** 0.5)
    if outputs * inputs * side * side + outputs != kernel.size:
        raise UnknownWeightsError("size of a layer")
    filters = kernel[:-outputs].reshape(outputs, inputs, side, side)
    return Convolution(filters * scale[:, None, None, None], kernel[-outputs:] * scale + shift)


def _tensor(data: bytes, layer: re.Match[bytes]) -> Floats:
    position = layer.end()
    if layer.group().endswith(b"fc_2"):  # the numbers of outputs and inputs come first
        for _ in range(2):
            _, position = _integer(data, position)
    version, position = _integer(data, position)
    size = 1
    for _ in range(4):
        length, position = _integer(data, position)
        size *= length
    if version != _TENSOR_VERSION or not 0 < size <= (len(data) - position) // 4:
        raise UnknownWeightsError("a tensor")
    return np.frombuffer(data, dtype="<f4", count=size, offset=position).astype(np.float32)


def _integer(data: bytes, position: int) -> tuple[int, int]:
    """dlib's integers: how many bytes, then these, lowest first."""
    count = data[position] & 0x0F
    end = position + 1 + count
    return int.from_bytes(data[position + 1 : end], "little"), end
