"""``ekyc tenant``: who may use the service, with which keys, how much."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ekyc.app import build_tenants
from ekyc.settings import read_settings
from ekyc.usecases.tenants import Tenants

_DATA = click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Default: EKYC_DATA.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")


@click.group("tenant")
def tenant() -> None:
    """Apps that may use the service: keys and quotas."""


@tenant.command("create")
@_DATA
@_JSON
@click.option("--name", required=True, help="For the operator to recognise.")
@click.option("--per-day", type=click.IntRange(1), help="Verifications, readings and matches in a day.")
@click.option("--concurrent", type=click.IntRange(1), help="Calls at the same time.")
def create(data: Path | None, as_json: bool, name: str, per_day: int | None, concurrent: int | None) -> None:
    """Add a tenant with a first key, which is shown once."""
    tenants = _tenants(data)
    made = tenants.create(name, per_day, concurrent)
    _say({"tenant": made.id, "key": tenants.issue_key(made.id)}, as_json)


@tenant.command("key")
@_DATA
@_JSON
@click.argument("tenant_id")
def key(data: Path | None, as_json: bool, tenant_id: str) -> None:
    """Another key of a tenant, shown once: give it out, then revoke the old one."""
    _say({"tenant": tenant_id, "key": _tenants(data).issue_key(tenant_id)}, as_json)


@tenant.command("revoke")
@_DATA
@_JSON
@click.argument("key_id")
def revoke(data: Path | None, as_json: bool, key_id: str) -> None:
    """Revoke a key at once; its id is the part between the first two underscores."""
    _tenants(data).revoke_key(key_id)
    _say({"revoked": key_id}, as_json)


@tenant.command("list")
@_DATA
def listed(data: Path | None) -> None:
    """Every tenant with its quotas and the ids of its keys, one JSON object a line."""
    for one, keys in _tenants(data).listed():
        good = [each.id for each in keys if each.revoked_at is None]
        row = {"tenant": one.id, "name": one.name, "per_day": one.per_day, "concurrent": one.concurrent}
        _say({**row, "keys": good}, as_json=True)


def _tenants(data: Path | None) -> Tenants:
    return build_tenants(read_settings(data))


def _say(row: dict[str, Any], as_json: bool) -> None:
    lines = [json.dumps(row, ensure_ascii=False)] if as_json else [f"{k}: {v}" for k, v in row.items()]
    click.echo("\n".join(lines))
