"""``ekyc train-reader``: draw lines, train on them, measure, export; one command with seeds."""

from __future__ import annotations

from pathlib import Path

import click

from ekyc.models import FOLDER
from ekyc.reader.recogniser import charset
from ekyc.reader.training.needs import MissingForTrainingError

_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.command("train-reader")
@click.option("--folder", type=_FOLDER, required=True, help="For the drawn lines and the checkpoint.")
@click.option("--lines", default=70_000, show_default=True, help="To draw; what the folder has is kept.")
@click.option("--minutes", default=50.0, show_default=True, help="Of training.")
@click.option("--seed", default=7001, show_default=True, help="Of the lines drawn.")
@click.option("--from-nothing", is_flag=True, help="Start with random weights, not with those in use.")
@click.option("--start", type=_FILE, help="Start with another checkpoint.")
@click.option("--test-lines", default=400, show_default=True, help="Drawn in fonts that training never saw.")
@click.option("--install", is_flag=True, help="Put the trained network into ekyc/models.")
def train_reader(
    folder: Path,
    lines: int,
    minutes: float,
    seed: int,
    from_nothing: bool,
    start: Path | None,
    test_lines: int,
    install: bool,
) -> None:
    """Train the line recogniser further, and say whether it became better.

    Needs PyTorch, fontTools and more fonts than the service does (docs/accuracy.md).
    """
    try:
        first = None if from_nothing else start or FOLDER / "vi_line_checkpoint.pt"
        _run(folder, lines, minutes, seed, first, test_lines, install)
    except (MissingForTrainingError, FileNotFoundError) as error:
        raise click.ClickException(str(error)) from error


def _run(
    folder: Path, lines: int, minutes: float, seed: int, start: Path | None, test_lines: int, install: bool
) -> None:
    from ekyc.reader.training import measure, networks, shards, train

    if not list(folder.glob("shard*.npz")):
        shards.write_shards(folder, shards.text_example, lines, seed, easy_first=start is None)
    net, out = networks.TextNet(len(charset()) + 1), folder / "checkpoint.pt"
    if start is not None:
        net.load_state_dict(networks.torch.load(start, map_location="cpu"))
    train.train_lines(net, charset(), shards.TEXT_ROWS, folder, minutes, out, going_on=start is not None)
    for path in (start, out):
        if path is not None:
            found = measure.measure(path, test_lines)
            click.echo("\n".join([str(path), *found.rows, found.calibration]))
    if install:
        from ekyc.reader.training import export

        export.write_calibration("vi_line", found)
        shape = (1, 1, shards.TEXT_ROWS, 200)
        export.export(net, out, "vi_line", shape, ("line", "probabilities"))
        export.write_manifest()
