"""Serve the registry on loopback and say so once it answers."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import click
import uvicorn

from ekyc.registry.app import create_app

_HOST = "127.0.0.1"


class _AnnouncingServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._announce()


def serve(data: Path, port: int) -> None:
    """Run until interrupted. port 0 takes a free one; the printed line tells which.

    Raises click.ClickException when the port is taken.
    """
    os.umask(0o077)  # the databases are nobody else's on this machine
    listener = _listen(port)
    app = create_app(data)
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=5)
    address = f"http://{_HOST}:{listener.getsockname()[1]}"
    ready = f"MOCK population registry ready on {address}"
    _AnnouncingServer(config, lambda: click.echo(ready)).run(sockets=[listener])


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise click.ClickException(f"port {port} cannot be used: {error.strerror}") from error
    return listener
