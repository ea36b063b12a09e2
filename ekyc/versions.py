"""What made a decision: this package, the models by their SHA-256, the libraries that run them."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ekyc.models import manifest

_PACKAGE = "motcham-id"
_LIBRARIES = ("dlib-bin", "numpy", "onnxruntime", "opencv-python-headless", "pillow", "zxing-cpp")
_FACE_MODELS = "face_recognition_models"


@cache
def engine_versions() -> dict[str, Any]:
    """Computed once a process: reading the face models takes some tenths of a second."""
    return {
        "ekyc": metadata.version(_PACKAGE),
        "models": {**_own_models(), **_face_models()},
        "libraries": {name: found for name in _LIBRARIES if (found := _version(name))},
    }


def _own_models() -> dict[str, str]:
    return {name: digest for name, digest in manifest().items() if not name.endswith(".pt")}


def _face_models() -> dict[str, str]:
    package = find_spec(_FACE_MODELS)
    folders = [
        Path(place) / "models" for place in (package.submodule_search_locations if package else None) or ()
    ]
    return {file.name: _digest(file) for folder in folders for file in sorted(folder.glob("*.dat"))}


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
