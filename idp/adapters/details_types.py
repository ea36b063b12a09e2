"""Types of ``authorization_details`` from TOML files: ours, and those in the operator's folder."""

from __future__ import annotations

import tomllib
from pathlib import Path

from idp.domain.details.types import Types, read
from idp.domain.errors import IdpError

OURS = Path(__file__).parents[1] / "authorization_details"


def load_types(folder: Path) -> Types:
    """By name; a file of the operator replaces one of ours with the same name. ``folder`` need not exist.

    Raises IdpError("invalid_details_type") with the file and the place in it.
    """
    types: Types = {}
    for path in (*sorted(OURS.glob("*.toml")), *sorted(folder.glob("*.toml"))):
        try:
            found = read(tomllib.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError, AttributeError, OSError) as error:
            raise IdpError("invalid_details_type", f"{path.name}: {error}") from None
        types[found.name] = found
    return types
