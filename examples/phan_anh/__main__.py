"""The office's side, for demonstrations: ``python -m examples.phan_anh advance CODE``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from examples.phan_anh.reports import Reports


@click.group()
def main() -> None:
    """Handle reports in the database of ``PHAN_ANH_DATA``."""


@main.command()
@click.argument("code")
def advance(code: str) -> None:
    """Take the report CODE to its next state: assigned, then done."""
    state = Reports(Path(os.environ.get("PHAN_ANH_DATA", "var"))).advance(code)
    if state is None:
        raise click.UsageError(f"{code} is unknown or finished")
    click.echo(f"{code} {state}")


if __name__ == "__main__":
    main()
