"""What the app is told from outside."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """data: folder of the database. issuer: URL of the sign-in provider."""

    data: Path
    issuer: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """``DICH_VU_CONG_DATA`` (default ``var``) and ``MOTCHAM_ISSUER`` (KeyError when not set)."""
        return cls(Path(environment.get("DICH_VU_CONG_DATA", "var")), environment["MOTCHAM_ISSUER"])
