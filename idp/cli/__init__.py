"""The command ``idp``. Errors end with exit code 2 and, with ``--json``, one JSON object."""

from __future__ import annotations

import click

from idp.cli.clients import client
from idp.cli.common import ReportingGroup
from idp.cli.serve import serve
from idp.cli.upkeep import admin, citizen, keys


@click.group(cls=ReportingGroup)
def main() -> None:
    """The OpenID Connect provider of Một Chạm ID."""


for _command in (serve, client, keys, citizen, admin):
    main.add_command(_command)
