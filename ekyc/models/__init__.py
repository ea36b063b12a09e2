"""Trained weights, shipped with the package and checked against ``manifest.json`` when loaded."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


class DamagedModelError(RuntimeError):
    """A weights file is missing from the manifest or differs from it: the installation is broken."""


@cache
def manifest() -> dict[str, str]:
    """Name of each file -> its SHA-256."""
    content: dict[str, str] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return content


def model_bytes(name: str, folder: Path = FOLDER) -> bytes:
    """The content of one weights file, after its SHA-256 was compared with the manifest.

    Raises DamagedModelError, so that a replaced model never reads anybody's card.
    """
    expected = manifest().get(name)
    if expected is None:
        raise DamagedModelError(f"{name} is not in manifest.json")
    data = (folder / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != expected:
        raise DamagedModelError(f"{name} does not match manifest.json")
    return data
