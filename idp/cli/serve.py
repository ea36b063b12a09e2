"""``idp serve``."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import click
import uvicorn

from idp.app import create_app
from idp.cli.common import DATA, ISSUER, settings_of
from idp.settings import Settings
from idp.usecases.admin import has_admin
from idp.usecases.services import Services


@click.command()
@DATA
@ISSUER
@click.option("--port", type=click.IntRange(1, 65535), default=8400, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--forwarded-allow-ips",
    default="127.0.0.1",
    show_default=True,
    help="Proxies whose X-Forwarded-For is believed; without it every citizen seems to be the proxy.",
)
def serve(data: Path, issuer: str | None, port: int, host: str, forwarded_allow_ips: str) -> None:
    """Serve the provider; prints one line when ready."""
    os.umask(0o077)  # databases and keys are for the server's own user
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    for noisy in ("httpx", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    app = create_app(settings_of(data, issuer or _environment_issuer() or f"http://localhost:{port}"))
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        forwarded_allow_ips=forwarded_allow_ips,
    )
    _Server(config, app.state.services).run()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, services: Services) -> None:
        super().__init__(config)
        self._services = services

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            first = "" if has_admin(self._services) else "; no admin yet: run `idp admin link`"
            click.echo(f"idp ready: {self._services.issuer}{first}")


def _environment_issuer() -> str | None:
    return Settings().issuer if "issuer" in Settings().model_fields_set else None
