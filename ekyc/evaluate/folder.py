"""The user's own photos with a list of what they show: ``truth.json`` or ``truth.csv``.

One record a card: ``front`` and ``back`` (file names), ``level`` (any word to group by), and fields by their
names in ``ekyc.types``. JSON: {"cards": [record, ...]}, null where the card shows none. CSV: a column each,
``none`` where the card shows none. What is empty or missing is not compared.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ekyc.evaluate.sample import Sample, Truth
from ekyc.types import FIELD_NAMES

_LISTS = ("truth.json", "truth.csv")


def read(folder: Path) -> Iterator[Sample]:
    """The samples of a folder. Raises click.UsageError for a missing or wrong list or photo."""
    for number, record in enumerate(_records(folder), 1):
        front = str(record.get("front") or "")
        back = str(record.get("back") or "")
        if not front:
            raise click.UsageError(f"card {number} of the list names no front")
        yield Sample(
            Path(front).stem,
            str(record.get("level") or "photos"),
            _photo(folder, front),
            _photo(folder, back) if back else None,
            _truth(record),
        )


def _records(folder: Path) -> list[dict[str, Any]]:
    path = next((folder / name for name in _LISTS if (folder / name).is_file()), None)
    if path is None:
        raise click.UsageError(f"{folder} holds neither {' nor '.join(_LISTS)}")
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines))
    try:
        records = json.loads(path.read_text(encoding="utf-8"))["cards"]
    except (ValueError, KeyError, TypeError) as error:
        raise click.UsageError(f'{path} is not JSON of the form {{"cards": [...]}}') from error
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise click.UsageError(f"{path}: cards has to be a list of objects")
    return records


def _truth(record: dict[str, Any]) -> Truth:
    truth: Truth = {}
    for name in FIELD_NAMES:
        value = record.get(name, "")
        if value is None or value == "none":
            truth[name] = None
        elif value:
            truth[name] = str(value).upper() if name == "full_name" else str(value)
    return truth


def _photo(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise click.UsageError(f"Cannot read {folder / name}: {error.strerror}.") from error
