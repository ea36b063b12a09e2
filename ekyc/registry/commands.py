"""``ekyc registry``: seed, serve, sample."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from ekyc.registry.embedded import open_registry
from ekyc.registry.person import Person
from ekyc.registry.wire import iso

_data = click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder of the databases."
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Answer and errors as JSON.")


@click.group()
def registry() -> None:
    """The MOCK population registry: invented people only."""


@registry.command()
@_data
@click.option(
    "--count", type=click.IntRange(min=13), default=2000, show_default=True, help="How many people."
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
@_as_json
def seed(data: Path, count: int, seed: int, as_json: bool) -> None:
    """Fill the registry. The same count and seed give the same people; other ones replace them."""
    opened = open_registry(data)
    try:
        changed = opened.seed(count, seed)
    finally:
        opened.close()
    if as_json:
        click.echo(json.dumps({"mock": True, "count": count, "seed": seed, "changed": changed}))
    elif changed:
        click.echo(f"MOCK registry: {count} invented people (seed {seed}).")
    else:
        click.echo(f"MOCK registry: the {count} invented people of seed {seed} are there already.")


@registry.command()
@_data
@click.option(
    "--port", type=click.IntRange(0, 65535), required=True, help="On 127.0.0.1; 0 takes a free one."
)
def serve(data: Path, port: int) -> None:
    """Serve the registry over HTTP."""
    from ekyc.registry.server import serve as run  # FastAPI loads only when it is served

    run(data, port)


@registry.command()
@_data
@_as_json
def sample(data: Path, as_json: bool) -> None:
    """List the sample citizens, who have portraits and can be played with."""
    opened = open_registry(data)
    try:
        rows = [_sample_row(key, opened.person(number)) for key, number in opened.sample_numbers().items()]
    finally:
        opened.close()
    if not rows:
        raise click.ClickException("The registry is empty; run `ekyc registry seed` first.")
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        born, ends = row["date_of_birth"], row["date_of_expiry"] or "không thời hạn"
        click.echo(
            f"{row['id']}  {row['number']}  {row['full_name']:<20}  {born}  {row['card_kind']}  {ends}"
        )


def _sample_row(key: str, person: Person) -> dict[str, Any]:
    return {
        "id": key,
        "number": person.number,
        "full_name": person.full_name,
        "date_of_birth": iso(person.date_of_birth),
        "sex": person.sex,
        "card_kind": person.card.kind,
        "date_of_issue": iso(person.card.date_of_issue),
        "date_of_expiry": iso(person.card.date_of_expiry),
        "card_status": person.card.status,
        "life_status": person.life_status,
    }
