"""``ekyc card``: print the specimen card of a person of the registry, and photograph it."""

from __future__ import annotations

import json
from pathlib import Path

import click
from PIL import Image

from ekyc.errors import EkycError
from ekyc.registry.embedded import open_registry
from ekyc.registry.person import Person
from ekyc.specimen.fonts import FontMissingError
from ekyc.specimen.lettering import TextTooLongError
from ekyc.specimen.photograph import LEVELS, Level, photograph
from ekyc.specimen.printer import print_card

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def card() -> None:
    """Specimen cards of the invented people in the MOCK registry."""


@card.command(name="print")
@click.option("--data", type=_FOLDER, required=True, help="Folder of the databases.")
@click.option("--number", required=True, help="Personal number, twelve digits.")
@click.option("--out", type=_FOLDER, required=True, help="Where the pictures go.")
@click.option(
    "--photograph", "level", type=click.Choice(LEVELS), help="Also make phone photos, this hard to read."
)
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True, help="Of the photos."
)
@click.option("--json", "as_json", is_flag=True, help="Answer and errors as JSON.")
def print_command(data: Path, number: str, out: Path, level: Level | None, seed: int, as_json: bool) -> None:
    """Write front.png and back.png, and with --photograph front.jpg and back.jpg."""
    opened = open_registry(data)
    try:
        person = opened.person(number)
    finally:
        opened.close()
    try:
        paths = write_card(person, out, level, seed)
    except (FontMissingError, TextTooLongError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps({name: str(path) for name, path in paths.items()}))
    else:
        click.echo("\n".join(str(path) for path in paths.values()))


@card.command(name="samples")
@click.option("--data", type=_FOLDER, required=True, help="Folder of the databases.")
@click.option("--out", type=_FOLDER, required=True, help="Each sample citizen's pictures go to OUT/ID.")
@click.option("--id", "ids", multiple=True, help="Only these (01 to 13); all where left out.")
@click.option("--photograph", "level", type=click.Choice(LEVELS), help="Also make phone photos.")
def samples_command(data: Path, out: Path, ids: tuple[str, ...], level: Level | None) -> None:
    """Print the sample citizens' cards, many in one run."""
    opened = open_registry(data)
    try:
        people = {name: opened.person(number) for name, number in opened.sample_numbers().items()}
    finally:
        opened.close()
    unknown = set(ids) - people.keys()
    if unknown:
        raise EkycError("usage", f"no sample citizen {', '.join(sorted(unknown))}")
    for name in ids or sorted(people):
        write_card(people[name], out / name, level, int(name))
        click.echo(str(out / name))


def write_card(person: Person, out: Path, level: Level | None, seed: int) -> dict[str, Path]:
    """File name -> path of what was written. The back is photographed with seed + 1."""
    printed = print_card(person)
    out.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    for turn, (side, pixels) in enumerate((("front", printed.front), ("back", printed.back))):
        paths[f"{side}_png"] = out / f"{side}.png"
        Image.fromarray(pixels).save(paths[f"{side}_png"], compress_level=1)
        if level is not None:
            paths[f"{side}_jpg"] = out / f"{side}.jpg"
            paths[f"{side}_jpg"].write_bytes(photograph(pixels, level, seed + turn))
    return paths
