"""Writes a trained network as ONNX with probabilities as output, and renews the manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from ekyc.models import FOLDER
from ekyc.reader.training.measure import Measured
from ekyc.reader.training.networks import nn, torch

_WEIGHTS = (".onnx", ".pt", ".txt")


class _WithProbabilities(nn.Module):
    def __init__(self, net: Any, softmax: bool) -> None:
        super().__init__()
        self.net, self.softmax = net, softmax

    def forward(self, x: Any) -> Any:
        out = self.net(x)
        return out.softmax(-1) if self.softmax else out.sigmoid()


def export(net: Any, checkpoint: Path, name: str, example: tuple[int, ...], names: tuple[str, str]) -> float:
    """Write ``ekyc/models/<name>.onnx`` and its checkpoint; returns how far their answers differ.

    example: shape to trace with; every side but the channels may vary at run time.
    names: of the input and the output.
    """
    net.load_state_dict(torch.load(checkpoint, map_location="cpu"))
    whole = _WithProbabilities(net, softmax=names[1] == "probabilities").eval()
    path = FOLDER / f"{name}.onnx"
    given, made = names
    picture = {0: "n", 2: "h", 3: "w"}
    line = {0: "n", 3: "w"}
    varying = {given: line, made: {0: "n", 1: "steps"}} if whole.softmax else {given: picture, made: picture}
    traced, options = (torch.randn(*example),), {"opset_version": 16, "dynamic_axes": varying}
    torch.onnx.export(whole, traced, str(path), input_names=[given], output_names=[made], **options)
    torch.save(net.state_dict(), FOLDER / f"{name}_checkpoint.pt")
    # the file must answer as the network does at another size than it was traced with
    other = torch.randn(2, example[1], example[2], example[3] + 64)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    with torch.no_grad():
        wanted = whole(other).numpy()
    return float(np.abs(wanted - session.run(None, {given: other.numpy()})[0]).max())


def write_calibration(name: str, found: Measured) -> None:
    """Keep the temperature that makes a network's certainties true, and what they are worth without it."""
    content = {
        "temperature": found.temperature,
        "calibration_error": round(found.error, 5),
        "signs": found.signs,
    }
    (FOLDER / f"{name}_calibration.json").write_text(json.dumps(content) + "\n", encoding="utf-8")


def write_manifest() -> None:
    """SHA-256 of every weights file."""
    files = sorted(p for p in FOLDER.iterdir() if p.suffix in _WEIGHTS or p.stem.endswith("_calibration"))
    digests = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    (FOLDER / "manifest.json").write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")
