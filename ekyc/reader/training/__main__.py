"""``python -m ekyc.reader.training draw|train|export|evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ekyc.document.mrz_decode import SIGNS
from ekyc.models import FOLDER
from ekyc.reader.recogniser import charset
from ekyc.reader.training import pages, scenes, shards, tables

KINDS = click.Choice(["vi_line", "mrz", "text_lines", "card_mask"])


@click.group()
def cli() -> None:
    """Draw examples, train a network on them, export it, measure the line recogniser."""


@cli.command()
@click.argument("kind", type=KINDS)
@click.option("--folder", type=click.Path(path_type=Path), required=True)
@click.option("--count", default=20_000, help="Examples; the delivered vi_line used 186,000.")
@click.option("--seed", default=1)
def draw(kind: str, folder: Path, count: int, seed: int) -> None:
    """Draw the examples of one network."""
    if kind in ("vi_line", "mrz"):
        example = shards.text_example if kind == "vi_line" else shards.mrz_example
        shards.write_shards(folder, example, count, seed)
    else:
        scenes.write_scenes(folder, pages.page if kind == "text_lines" else tables.photo, count, seed)


@cli.command()
@click.argument("kind", type=KINDS)
@click.option("--folder", type=click.Path(path_type=Path), required=True)
@click.option("--minutes", default=45.0)
@click.option("--start", type=click.Path(path_type=Path), help="Checkpoint that a mask network goes on from.")
@click.option("--out", type=click.Path(path_type=Path), required=True)
def train(kind: str, folder: Path, minutes: float, start: Path | None, out: Path) -> None:
    """Train one network on drawn examples."""
    from ekyc.reader.training import train as trainer

    if kind == "vi_line":
        trainer.train_lines(_network(kind), charset(), shards.TEXT_ROWS, folder, minutes, out)
    elif kind == "mrz":
        trainer.train_lines(_network(kind), SIGNS, shards.MRZ_ROWS, folder, minutes, out)
    else:
        trainer.train_scenes(_network(kind), folder, minutes, out, start)


@cli.command()
@click.argument("kind", type=KINDS)
@click.option("--checkpoint", type=click.Path(path_type=Path), required=True)
def export(kind: str, checkpoint: Path) -> None:
    """Put a trained network into ekyc/models."""
    from ekyc.reader.training.export import export as write
    from ekyc.reader.training.export import write_manifest

    shapes: dict[str, tuple[tuple[int, ...], tuple[str, str]]] = {
        "vi_line": ((1, 1, shards.TEXT_ROWS, 200), ("line", "probabilities")),
        "mrz": ((1, 1, shards.MRZ_ROWS, 400), ("line", "probabilities")),
        "text_lines": ((1, 1, 256, 384), ("card", "cores")),
        "card_mask": ((1, 3, 192, 256), ("photo", "mask")),
    }
    shape, names = shapes[kind]
    click.echo(f"largest difference {write(_network(kind), checkpoint, kind, shape, names):.1e}")
    write_manifest()


@cli.command()
@click.option("--lines", default=600)
@click.option("--seed", default=990017)
def evaluate(lines: int, seed: int) -> None:
    """Measure the line recogniser in use on drawn lines."""
    from ekyc.reader.training.measure import measure

    found = measure(FOLDER / "vi_line_checkpoint.pt", lines, seed)
    click.echo("\n".join([*found.rows, found.calibration]))


def _network(kind: str) -> Any:
    from ekyc.reader.training import networks

    makers = {
        "vi_line": lambda: networks.TextNet(len(charset()) + 1),
        "mrz": networks.MrzNet,
        "text_lines": networks.line_bands,
        "card_mask": networks.card_mask,
    }
    return makers[kind]()


if __name__ == "__main__":
    cli()
