"""Runs one of the package's HTTP services and says so once it answers."""

from __future__ import annotations

import socket

import click
import uvicorn
from fastapi import FastAPI


class _AnnouncingServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: str) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            click.echo(self._ready)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises click.ClickException when the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise click.ClickException(f"port {port} cannot be used: {error.strerror}") from error
    return listener


def run(app: FastAPI, listener: socket.socket, *, name: str, host: str) -> None:
    """Serve until interrupted; prints "NAME ready on http://HOST:PORT" when it answers."""
    port = listener.getsockname()[1]
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=5)
    _AnnouncingServer(config, f"{name} ready on http://{host}:{port}").run(sockets=[listener])
