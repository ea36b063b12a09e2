"""``ekyc evaluate faces``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from ekyc.evaluate.faces.embed import Looks, look_at
from ekyc.evaluate.faces.measure import Compared, Shape, calibration_points, compare
from ekyc.evaluate.faces.pairs import read_pairs, read_people, require_files
from ekyc.evaluate.faces.plot import draw
from ekyc.evaluate.faces.report import as_json, as_text
from ekyc.face.calibration import SHAPES, TEMPLATE, Calibration, ModelInput
from ekyc.face.engines import face_engine, uncalibrated_engine
from ekyc.face.onnx_engine import FaceModelError
from ekyc.ports import FaceEngine
from ekyc.settings import read_settings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--pairs", "pairs_file", type=_FILE, required=True, help="CSV: file_a, file_b, same (1 or 0).")
@click.option("--images", type=_FOLDER, help="Where the files of the list are; default: beside the list.")
@click.option(
    "--people", "people_file", type=_FILE, help="CSV: file, identity. Adds everybody against everybody."
)
@click.option(
    "--templates",
    "names",
    multiple=True,
    default=("1x1", "3x2"),
    show_default=True,
    help="Frames x portraits, as 5x2; may be given several times.",
)
@click.option("--model", type=_FILE, help="Measure this ONNX model instead of the engine of the settings.")
@click.option(
    "--mean", default=127.5, show_default=True, help="What the model has taken off each colour value."
)
@click.option("--scale", default=1 / 127.5, show_default="1/127.5", help="What it is multiplied with then.")
@click.option("--bgr", is_flag=True, help="The model wants blue, green, red.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="For report.json and det.png.")
@click.option(
    "--write-calibration",
    "calibration",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Measure every shape and write the engine's calibration file.",
)
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
def faces(
    pairs_file: Path,
    images: Path | None,
    people_file: Path | None,
    names: tuple[str, ...],
    model: Path | None,
    mean: float,
    scale: float,
    bgr: bool,
    out: Path | None,
    calibration: Path | None,
    as_object: bool,
) -> None:
    """Detection rate, and how many strangers match and citizens are refused at each limit.

    Templates are made the way the product makes them: frames of one session are variations of ONE photo
    (file_a); the first portrait is file_b, the second the same printed on a card, the third in a chip.
    """
    pairs, folder = read_pairs(pairs_file), images or pairs_file.parent
    people = read_people(people_file) if people_file else {}
    shapes = _shapes(SHAPES if calibration else names)
    files = sorted({name for pair in pairs for name in (pair.a, pair.b)} | set(people))
    require_files(files, folder)
    if people and set(files) - set(people):
        raise click.UsageError(f"{people_file} does not say who is on {min(set(files) - set(people))}")
    engine = _engine(model, ModelInput(mean, scale, "bgr" if bgr else "rgb"))
    needed = max(shape.frames for shape in shapes), max(shape.references for shape in shapes)
    looks = look_at(files, folder, engine, needed[0], references=needed[1])
    compared = {shape.name: compare(looks, pairs, people, shape) for shape in shapes}
    _require_both(compared)
    if calibration:
        _write(calibration, engine, looks, compared, bool(people))
    report = as_json(engine.name, looks, compared)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.json").write_text(json.dumps(report, indent=1), "utf-8")
        draw(compared, f"{engine.name}, {len(looks.files)} photos", out / "det.png")
    click.echo(json.dumps(report) if as_object else as_text(report))


def _engine(model: Path | None, given: ModelInput) -> FaceEngine:
    try:
        return uncalibrated_engine(model, given) if model else face_engine(read_settings().own_face_model)
    except FaceModelError as error:
        raise click.ClickException(str(error)) from error


def _shapes(names: tuple[str, ...]) -> list[Shape]:
    try:
        return [Shape.parse(name) for name in names]
    except ValueError as error:
        raise click.UsageError(f"{error}: templates are written as 3x2, 1x1 to 9x3, or {TEMPLATE}") from None


def _require_both(compared: dict[str, Compared]) -> None:
    if any(found.genuine.size == 0 or found.impostor.size == 0 for found in compared.values()):
        raise click.UsageError("no pair of each kind, same and different, is left with a face on both photos")


def _write(
    path: Path, engine: FaceEngine, looks: Looks, compared: dict[str, Compared], everybody: bool
) -> None:
    count = next(iter(compared.values())).impostor.size
    how = "everybody against everybody" if everybody else "the pairs listed"
    measured = f"{datetime.now(UTC):%Y-%m-%d}, {len(looks.files)} photos, {count} impostor comparisons, {how}"
    shapes = {name: calibration_points(found) for name, found in compared.items()}
    if any(len(points) < 2 for points in shapes.values()):
        raise click.UsageError(f"{count} impostor comparisons are too few for a calibration")
    path.write_text(Calibration(engine.name, measured, shapes, engine.calibration.given).to_json(), "utf-8")
