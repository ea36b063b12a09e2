"""Keys for hashes that must not be guessed back to the number they stand for."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(path: Path) -> bytes:
    """The 32 bytes in this file: made once, 0600, the same for every process."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    if not path.exists():
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(32))
        try:
            os.link(fresh, path)  # whole or not at all, and the first of two processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()
