"""``ekyc serve``: run the service on loopback and say so once it answers."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ekyc.app import create_app
from ekyc.listening import listen, run
from ekyc.service.limits import is_loopback
from ekyc.settings import read_settings

_HOST = "127.0.0.1"


@click.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), required=True, help="0 takes a free one.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Default: EKYC_DATA.")
@click.option("--host", default=_HOST, show_default=True, help="Address to listen on.")
def serve(port: int, data: Path | None, host: str) -> None:
    """Run the eKYC HTTP service; its OpenAPI description is at /openapi.json."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads come from the calls, not from one call
    os.umask(0o077)  # pictures and numbers are nobody else's on this machine
    settings = read_settings(data)
    if not settings.api_key and not is_loopback(host):
        raise click.ClickException(f"set EKYC_API_KEY to listen on {host}: without it anybody may ask")
    app = create_app(settings)
    listener = listen(host, port)
    run(app, listener, name="eKYC", host=host)
