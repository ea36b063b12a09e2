"""The office's side, for demonstrations: ``python -m examples.dich_vu_cong advance CODE``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from examples.dich_vu_cong.dossiers import Dossiers


@click.group()
def main() -> None:
    """Handle dossiers in the database of ``DICH_VU_CONG_DATA``."""


@main.command()
@click.argument("code")
def advance(code: str) -> None:
    """Take the dossier CODE to its next state."""
    state = Dossiers(Path(os.environ.get("DICH_VU_CONG_DATA", "var"))).advance(code)
    if state is None:
        raise click.UsageError(f"{code} is unknown or finished")
    click.echo(f"{code} {state}")


if __name__ == "__main__":
    main()
