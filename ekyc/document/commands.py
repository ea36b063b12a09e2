"""The command ``ekyc read``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ekyc.document.read import read_document
from ekyc.registry.store import today_in_vietnam
from ekyc.types import DocumentReading

_NAMES = {
    "document_type": "Loại giấy tờ",
    "number": "Số định danh",
    "full_name": "Họ và tên",
    "date_of_birth": "Ngày sinh",
    "sex": "Giới tính",
    "nationality": "Quốc tịch",
    "place_of_origin": "Quê quán",
    "place_of_residence": "Nơi cư trú",
    "date_of_issue": "Ngày cấp",
    "date_of_expiry": "Ngày hết hạn",
}


@click.command("read")
@click.argument("front", type=click.Path(path_type=Path))
@click.option("--back", type=click.Path(path_type=Path), help="Photo of the other side.")
@click.option("--no-qr", is_flag=True, help="Ignore the QR code.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def read(front: Path, back: Path | None, no_qr: bool, as_json: bool) -> None:
    """Read photos of an identity card: FRONT, and the back with --back.

    A single photo may show either side.
    """
    reading = read_document(
        _content(front), _content(back) if back else None, use_qr=not no_qr, today=today_in_vietnam()
    )
    click.echo(json.dumps(reading.as_json(), ensure_ascii=False, indent=2) if as_json else table(reading))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise click.UsageError(f"Cannot read the file {path}: {error.strerror}.") from error


def table(reading: DocumentReading) -> str:
    """Fields and failed checks for a person to read."""
    rows = [
        f"{_NAMES[name]:14s} {field.value or '-':60s} {field.source:14s} {field.confidence:5.2f}"
        for name, field in reading.fields.items()
    ]
    checks = [f"{check.outcome:12s} {check.name} {check.detail}".rstrip() for check in reading.checks]
    return "\n".join([*rows, "", *checks])
