"""``idp keys``, ``idp citizen`` and ``idp admin``: what an operator does now and then."""

from __future__ import annotations

from pathlib import Path

import click

from idp.cli.common import DATA, ISSUER, JSON, say, services_of
from idp.usecases.admin import first_sign_in_link
from idp.usecases.create_citizen import create_citizen
from idp.usecases.rotate_keys import rotate_keys


@click.group()
def keys() -> None:
    """The keys that tokens are signed with."""


@keys.command("rotate")
@DATA
@JSON
@ISSUER
@click.option("--alg", help="Of this algorithm only.")
def keys_rotate(data: Path, as_json: bool, issuer: str | None, alg: str | None) -> None:
    """Sign with new keys from now on; the old ones still verify until their last token is over."""
    say({"kids": rotate_keys(services_of(data, issuer), alg)}, as_json)


@click.group()
def citizen() -> None:
    """Citizens' accounts."""


@citizen.command("create")
@DATA
@JSON
@ISSUER
@click.option("--number", required=True, help="12-digit personal number.")
@click.option("--password", required=True)
def citizen_create(data: Path, as_json: bool, issuer: str | None, number: str, password: str) -> None:
    """Open an account for a citizen whom an officer has seen; the registry must know the number."""
    account = create_citizen(services_of(data, issuer), number=number, password=password)
    say({"account_id": account.account_id, "level": account.level}, as_json)


@click.group()
def admin() -> None:
    """The admin of this installation."""


@admin.command("link")
@DATA
@JSON
@ISSUER
def admin_link(data: Path, as_json: bool, issuer: str | None) -> None:
    """Make a one-time link with which the admin sets a password."""
    say({"url": first_sign_in_link(services_of(data, issuer))}, as_json)
