"""One onnxruntime session per model and process, on one thread: requests run side by side instead."""

from __future__ import annotations

from functools import cache

import onnxruntime

from ekyc.models import model_bytes


@cache
def session(name: str) -> onnxruntime.InferenceSession:
    """The session of a weights file in ``ekyc/models``; loaded and hash-checked once."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model_bytes(name), options, providers=["CPUExecutionProvider"])
