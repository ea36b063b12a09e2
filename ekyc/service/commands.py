"""``ekyc serve``: run the service on loopback and say so once it answers."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import click
import uvicorn

from ekyc.app import create_app
from ekyc.service.limits import is_loopback
from ekyc.settings import Settings

_HOST = "127.0.0.1"


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), required=True, help="0 takes a free one.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Default: EKYC_DATA.")
@click.option("--host", default=_HOST, show_default=True, help="Address to listen on.")
def serve(port: int, data: Path | None, host: str) -> None:
    """Run the eKYC HTTP service; its OpenAPI description is at /openapi.json."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads come from the calls, not from one call
    os.umask(0o077)  # pictures and numbers are nobody else's on this machine
    settings = Settings() if data is None else Settings(data=data)
    if not settings.api_key and not is_loopback(host):
        raise click.ClickException(f"set EKYC_API_KEY to listen on {host}: without it anybody may ask")
    listener = _listen(host, port)
    config = uvicorn.Config(
        create_app(settings), log_level="warning", access_log=False, timeout_graceful_shutdown=5
    )
    ready = f"eKYC ready on http://{host}:{listener.getsockname()[1]}"
    _AnnouncingServer(config, lambda: click.echo(ready)).run(sockets=[listener])


class _AnnouncingServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._announce()


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise click.ClickException(f"port {port} cannot be used: {error.strerror}") from error
    return listener
