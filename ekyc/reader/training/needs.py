"""Imports of what only training needs, with an answer for who has not installed it."""

from __future__ import annotations

import importlib
from typing import Any


class MissingForTrainingError(ImportError):
    """Training was started without the packages that only training needs."""


def need(module: str, package: str) -> Any:
    """The module, or MissingForTrainingError that names what to install."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingForTrainingError(
            f"training needs {package}: pip install {package} (the service itself does not)"
        ) from error
