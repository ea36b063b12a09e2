"""``ekyc policy``: look at the thresholds in force, try a file before it is."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ekyc.app import build_policy
from ekyc.policies.file import PolicyError, read_policy
from ekyc.policies.text import settings_of, to_toml, version_of
from ekyc.settings import read_settings


@click.group("policy")
def policy() -> None:
    """Thresholds and rules of the decision."""


@policy.command("show")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of TOML.")
def show(as_json: bool) -> None:
    """Every setting in force: the defaults, the file of EKYC_POLICY and the other settings over them."""
    current = build_policy(read_settings())
    if as_json:
        click.echo(json.dumps({"version": version_of(current), "settings": settings_of(current)}))
    else:
        click.echo(to_toml(current), nl=False)


@policy.command("check")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Is this file a policy that the engine would start with? Prints its version."""
    try:
        click.echo(f"ok, version {version_of(read_policy(file))}")
    except PolicyError as error:
        raise click.ClickException(str(error)) from error
