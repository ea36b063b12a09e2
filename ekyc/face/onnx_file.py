"""Writes a small ONNX model (protocol buffers, opset 13) without the ``onnx`` package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_IR_VERSION, _OPSET = 8, 13
_FLOAT, _INT64 = 1, 7  # TensorProto.DataType
_ATTRIBUTE_INT, _ATTRIBUTE_INTS = 2, 7  # AttributeProto.AttributeType


@dataclass(slots=True)
class OnnxModel:
    """A graph in the making: each call adds one node and returns the name of what it gives."""

    inputs: dict[str, tuple[int, ...]]
    _nodes: list[bytes] = field(default_factory=list)
    _weights: list[bytes] = field(default_factory=list)

    def weight(self, values: NDArray[np.float32] | NDArray[np.int64]) -> str:
        """A constant; returns its name."""
        name = f"w{len(self._weights)}"
        kind = _FLOAT if values.dtype == np.float32 else _INT64
        little = values.astype(values.dtype.newbyteorder("<"))
        dims = b"".join(_number(1, size) for size in values.shape)
        self._weights.append(dims + _number(2, kind) + _text(8, name) + _bytes(9, little.tobytes()))
        return name

    def node(self, operator: str, *inputs: str, **attributes: int | Sequence[int]) -> str:
        """One operator on named inputs; returns the name of its output."""
        output = f"n{len(self._nodes)}"
        parts = [*(_text(1, name) for name in inputs), _text(2, output), _text(4, operator)]
        parts += [_bytes(5, _attribute(name, value)) for name, value in attributes.items()]
        self._nodes.append(b"".join(parts))
        return output

    def to_bytes(self, output: str, size: tuple[int, ...]) -> bytes:
        """The file, with ``output`` as its only output, of this size."""
        parts = [*(_bytes(1, node) for node in self._nodes), _text(2, "faces")]
        parts += [_bytes(5, weight) for weight in self._weights]
        parts += [_bytes(11, _value(name, shape)) for name, shape in self.inputs.items()]
        parts.append(_bytes(12, _value(output, size)))
        opset = _number(2, _OPSET)
        return _number(1, _IR_VERSION) + _bytes(7, b"".join(parts)) + _bytes(8, opset)


def _attribute(name: str, value: int | Sequence[int]) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _ATTRIBUTE_INT)
    return _text(1, name) + b"".join(_number(8, one) for one in value) + _number(20, _ATTRIBUTE_INTS)


def _value(name: str, shape: tuple[int, ...]) -> bytes:
    dims = b"".join(_bytes(1, _number(1, size)) for size in shape)
    tensor = _number(1, _FLOAT) + _bytes(2, dims)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _number(tag: int, value: int) -> bytes:
    return bytes(_varint(tag << 3)) + bytes(_varint(value))


def _bytes(tag: int, value: bytes) -> bytes:
    return bytes(_varint(tag << 3 | 2)) + bytes(_varint(len(value))) + value


def _text(tag: int, value: str) -> bytes:
    return _bytes(tag, value.encode())


def _varint(value: int) -> Iterator[int]:
    while value > 0x7F:
        yield value & 0x7F | 0x80
        value >>= 7
    yield value
