"""Reads one printed line: our own small network, run by onnxruntime."""
