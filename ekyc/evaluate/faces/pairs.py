"""The list of pairs and, optionally, who is on which photo."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import click

_YES, _NO = {"1", "true", "yes", "same"}, {"0", "false", "no", "different"}
_SHOWN = 5  # missing files named in the message


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files, relative to the folder of images."""

    a: str
    b: str
    same: bool


def read_pairs(path: Path) -> list[Pair]:
    """Columns file_a, file_b and same (1 or 0). Raises click.UsageError, which names the line."""
    rows = _rows(path, "file_a", "file_b", "same")
    pairs = []
    for line, row in rows:
        answer = row["same"].strip().lower()
        if answer not in _YES | _NO:
            raise click.UsageError(f"{path.name}, line {line}: the column same is neither 1 nor 0")
        pairs.append(Pair(row["file_a"].strip(), row["file_b"].strip(), answer in _YES))
    if not pairs:
        raise click.UsageError(f"{path.name} lists no pairs")
    return pairs


def read_people(path: Path) -> dict[str, str]:
    """Columns file and identity: who is on which photo. Raises click.UsageError."""
    return {row["file"].strip(): row["identity"].strip() for _, row in _rows(path, "file", "identity")}


def require_files(files: list[str], images: Path) -> None:
    """Raises click.UsageError, which names the first missing ones."""
    missing = [file for file in files if not (images / file).is_file()]
    if missing:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise click.UsageError(f"not found under {images}: {', '.join(missing[:_SHOWN])}{more}")


def _rows(path: Path, *needed: str) -> list[tuple[int, dict[str, str]]]:
    """Each row with its line number; every needed column is there and filled."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.DictReader(source)
            missing = sorted(set(needed) - set(reader.fieldnames or ()))
            if missing:
                raise click.UsageError(f"{path.name} lacks the column {' and '.join(missing)}")
            rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.UsageError(f"{path.name} is no CSV file in UTF-8: {error}") from error
    for line, row in rows:
        if not all(row[name] and row[name].strip() for name in needed):
            raise click.UsageError(f"{path.name}, line {line}: {', '.join(needed)} must all be filled")
    return rows
