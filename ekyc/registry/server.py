"""Serve the registry on loopback and say so once it answers."""

from __future__ import annotations

import os
from pathlib import Path

from ekyc.listening import listen, run
from ekyc.registry.app import create_app

_HOST = "127.0.0.1"


def serve(data: Path, port: int) -> None:
    """Run until interrupted. port 0 takes a free one; the printed line tells which.

    Raises click.ClickException when the port is taken.
    """
    os.umask(0o077)  # the databases are nobody else's on this machine
    listener = listen(_HOST, port)
    run(create_app(data), listener, name="MOCK population registry", host=_HOST)
