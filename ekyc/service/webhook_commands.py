"""``ekyc webhook``: where a tenant is told of its verifications."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ekyc.app import build_tenants, build_webhooks
from ekyc.settings import read_settings
from ekyc.usecases.webhooks import Webhooks


def _options(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--tenant", default="", help="Whose; without it the operator's own.")(command)
    return click.option(
        "--data", type=click.Path(file_okay=False, path_type=Path), help="Default: EKYC_DATA."
    )(command)


@click.group("webhook")
def webhook() -> None:
    """Where apps are told of their verifications. Each answer is one JSON object a line."""


@webhook.command("create")
@_options
@click.argument("url")
def create(data: Path | None, tenant: str, url: str) -> None:
    """Add an address; the signing secret is shown once."""
    known = {each.id for each, _ in build_tenants(read_settings(data)).listed()}
    if tenant and tenant not in known:
        raise click.ClickException(f"no such tenant: {tenant}")
    endpoint, secret = _webhooks(data).create(tenant, url)
    _say({**endpoint.to_json(), "secret": secret})


@webhook.command("list")
@_options
def listed(data: Path | None, tenant: str) -> None:
    """Every address of the tenant."""
    for endpoint in _webhooks(data).listed(tenant):
        _say(endpoint.to_json())


@webhook.command("delete")
@_options
@click.argument("endpoint_id")
def delete(data: Path | None, tenant: str, endpoint_id: str) -> None:
    """Send nothing more; what waits is dropped."""
    _webhooks(data).delete(tenant, endpoint_id)
    _say({"deleted": endpoint_id})


@webhook.command("rotate")
@_options
@click.argument("endpoint_id")
def rotate(data: Path | None, tenant: str, endpoint_id: str) -> None:
    """A new secret; the old one signs beside it for 24 hours."""
    secret, until = _webhooks(data).rotate(tenant, endpoint_id)
    _say({"secret": secret, "old_secret_until": until.isoformat()})


@webhook.command("enable")
@_options
@click.argument("endpoint_id")
def enable(data: Path | None, tenant: str, endpoint_id: str) -> None:
    """Send to an address again after it was disabled."""
    _webhooks(data).enable(tenant, endpoint_id)
    _say({"enabled": endpoint_id})


@webhook.command("log")
@_options
@click.argument("endpoint_id")
def log(data: Path | None, tenant: str, endpoint_id: str) -> None:
    """The newest messages and how they went."""
    for message in _webhooks(data).log(tenant, endpoint_id):
        _say(message.to_json())


@webhook.command("resend")
@_options
@click.argument("endpoint_id")
@click.argument("message_id")
def resend(data: Path | None, tenant: str, endpoint_id: str, message_id: str) -> None:
    """Send a delivered or dead message once more."""
    _webhooks(data).send_again(tenant, endpoint_id, message_id)
    _say({"pending": message_id})


def _webhooks(data: Path | None) -> Webhooks:
    return build_webhooks(read_settings(data))


def _say(row: dict[str, Any]) -> None:
    click.echo(json.dumps(row, ensure_ascii=False))
