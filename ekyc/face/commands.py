"""``ekyc match``: two photos, or a list of pairs."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import click

from ekyc.errors import EkycError
from ekyc.face.engines import face_engine
from ekyc.face.match import main_face, match
from ekyc.image import decode
from ekyc.ports import Embedding, FaceEngine
from ekyc.settings import read_settings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("match")
@click.argument("a", type=_FILE, required=False)
@click.argument("b", type=_FILE, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--pairs", type=_FILE, help="CSV with the columns file_a,file_b.")
@click.option("--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path())
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="CSV to write (with --pairs).")
def match_command(
    a: Path | None, b: Path | None, as_json: bool, pairs: Path | None, root: Path, out: Path | None
) -> None:
    """Compare the faces in the photos A and B, or in each pair of a CSV file.

    With --pairs the columns "distance" and "reason" are added; of several faces in a photo
    the one in the middle counts. Paths in the file are relative to --root.
    """
    if pairs is not None and out is not None and a is None:
        click.echo(_match_pairs(pairs, root, out, as_json))
    elif pairs is None and a is not None and b is not None:
        click.echo(_match_two(a, b, as_json))
    else:
        raise click.UsageError("give two photos, or --pairs FILE and --out FILE")


def _match_two(a: Path, b: Path, as_json: bool) -> str:
    found = match(a.read_bytes(), b.read_bytes(), _engine())
    if not as_json:
        verdict = "same person" if found.same_person else "different people"
        return f"{verdict}: distance {found.distance:.3f}, threshold {found.threshold:.3f} ({found.engine})"
    answer = {
        "distance": round(found.distance, 4),
        "same_person": found.same_person,
        "engine": found.engine,
        "threshold": found.threshold,
    }
    return json.dumps(answer)


def _match_pairs(pairs: Path, root: Path, out: Path, as_json: bool) -> str:
    with pairs.open(encoding="utf-8-sig", newline="") as source:
        reader = csv.DictReader(source)
        columns = list(reader.fieldnames or ())
        rows = list(reader)
    if not {"file_a", "file_b"} <= set(columns):
        raise click.UsageError(f"{pairs.name} needs the columns file_a and file_b")
    compare = _Comparer(root, _engine())
    with out.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, [*columns, "distance", "reason"], extrasaction="ignore")
        writer.writeheader()
        for row in rows:
            writer.writerow({**row, **compare(row["file_a"], row["file_b"])})
    summary = {"pairs": len(rows), "without_distance": compare.refused, "out": str(out)}
    return json.dumps(summary) if as_json else f"{len(rows)} pairs, {compare.refused} without a distance"


def _engine() -> FaceEngine:
    return face_engine(read_settings().own_face_model)


class _Comparer:
    """Embeds each file once, however many pairs it is in."""

    def __init__(self, root: Path, engine: FaceEngine) -> None:
        self.refused = 0
        self._root = root
        self._engine = engine
        self._known: dict[str, Embedding | str] = {}

    def __call__(self, file_a: str, file_b: str) -> dict[str, str]:
        a, b = self._embed(file_a), self._embed(file_b)
        for side in (a, b):
            if isinstance(side, str):
                self.refused += 1
                return {"distance": "", "reason": side}
        assert not isinstance(a, str)
        assert not isinstance(b, str)
        return {"distance": f"{self._engine.distance(a, b):.6f}", "reason": ""}

    def _embed(self, file: str) -> Embedding | str:
        if file not in self._known:
            self._known[file] = self._measure(file)
        return self._known[file]

    def _measure(self, file: str) -> Embedding | str:
        try:
            image = decode((self._root / file).read_bytes())
            return self._engine.embed(image, main_face(self._engine.detect(image), image))
        except OSError:
            return "file_not_found"
        except EkycError as error:
            return error.code
