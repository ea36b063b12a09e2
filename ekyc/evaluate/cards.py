"""``ekyc evaluate cards``: how often whole fields and whole cards are read exactly right."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import cv2

from ekyc.evaluate import card_report, deck, folder
from ekyc.evaluate.sample import Sample
from ekyc.evaluate.tally import WAYS, Tally, add
from ekyc.specimen.fonts import FontMissingError
from ekyc.specimen.style import POOLS, Pool

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("cards")
@click.option(
    "--count", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Cards a level."
)
@click.option("--seed", default=deck.EVALUATION_SEED, show_default=True, help="Of people, prints and photos.")
@click.option("--level", "levels", type=click.Choice(deck.LEVELS), multiple=True, help="Only these.")
@click.option(
    "--fonts", "pool", type=click.Choice(POOLS), default="evaluation", show_default=True,
    help="Typefaces to print in: own (Arimo, Roboto), or those kept apart from training as well.",
)  # fmt: skip
@click.option(
    "--photos", type=_FOLDER, help="Read this folder's photos, listed in its truth.json or truth.csv."
)
@click.option("--render", type=_FOLDER, help="Only write the photos and truth.json to this folder.")
@click.option("--no-qr", is_flag=True, help="Leave the QR out.")
@click.option("--no-mrz", is_flag=True, help="Leave the machine readable zone out.")
@click.option("--misread", is_flag=True, help="Also list what was misread.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def cards(
    count: int,
    seed: int,
    levels: tuple[deck.CardLevel, ...],
    pool: Pool,
    photos: Path | None,
    render: Path | None,
    no_qr: bool,
    no_mrz: bool,
    misread: bool,
    as_json: bool,
) -> None:
    """Print, photograph and read specimen cards, or read a folder of your own photos (--photos).

    Shows whole fields read exactly right for each way of reading (all sources, without QR, print alone)
    and for each source by itself, with 95 % bounds, and how many fields marked confirmed were wrong.
    """
    cv2.setNumThreads(1)
    samples = folder.read(photos) if photos else deck.deck(count, seed, levels or deck.LEVELS, pool)
    try:
        if render is not None:
            click.echo(f"{deck.write(samples, render)} cards in {render}")
            return
        report = measure(samples, ways(no_qr, no_mrz))
    except FontMissingError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join([card_report.as_text(report), *(report["misread"] if misread else [])]))


def ways(no_qr: bool, no_mrz: bool) -> tuple[str, ...]:
    """The ways of reading that use none of the sources left out."""
    out = {source for source, off in (("qr", no_qr), ("mrz", no_mrz)) if off}
    return tuple(way for way, used in WAYS.items() if not out & set(used))


def measure(samples: Iterable[Sample], chosen: tuple[str, ...]) -> dict[str, Any]:
    """Read all samples and report."""
    tally = Tally()
    for sample in _shown(samples):
        add(tally, sample, chosen)
    return card_report.as_json(tally, chosen)


def _shown(samples: Iterable[Sample]) -> Iterator[Sample]:
    """Says on standard error how far it has come, for runs of many minutes."""
    for number, sample in enumerate(samples, 1):
        yield sample
        if number % 50 == 0:
            click.echo(f"{number} cards", err=True)
