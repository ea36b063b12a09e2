"""What the app is told from outside."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """data: folder of database and photos. issuer: URL of the sign-in provider."""

    data: Path
    issuer: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """``PHAN_ANH_DATA`` (default ``var``) and ``MOTCHAM_ISSUER`` (KeyError when not set)."""
        return cls(Path(environment.get("PHAN_ANH_DATA", "var")), environment["MOTCHAM_ISSUER"])
