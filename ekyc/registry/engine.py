"""Open the registry's database and bring it to the newest schema."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from ekyc.database import READ_ONLY, open_migrated

__all__ = ["READ_ONLY", "open_engine"]


def open_engine(url: str) -> Engine:
    """See ``ekyc.database.open_migrated``."""
    return open_migrated(url, Path(__file__).parent / "migrations", lock=0x6D63_7267)
