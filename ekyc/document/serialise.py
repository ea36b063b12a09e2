"""SideReading to and from plain JSON types, so that a half-finished verification can be stored."""

from __future__ import annotations

import base64
from typing import Any

from ekyc.types import Check, DocumentType, Field, SideReading


def to_dict(reading: SideReading) -> dict[str, Any]:
    """JSON-ready; the portrait is base64."""
    return {
        "side": reading.side,
        "document_type": str(reading.document_type),
        "fields": {
            source: {name: [f.value, f.source, f.confidence, f.raw] for name, f in fields.items()}
            for source, fields in reading.fields.items()
        },
        "checks": [[c.name, c.outcome, c.detail] for c in reading.checks],
        "portrait": base64.b64encode(reading.portrait).decode("ascii") if reading.portrait else None,
        "sha256": reading.sha256,
    }


def from_dict(data: dict[str, Any]) -> SideReading:
    """The inverse of ``to_dict``. Raises KeyError, TypeError or ValueError for anything else."""
    return SideReading(
        side=data["side"],
        document_type=DocumentType(data["document_type"]),
        fields={
            source: {name: Field(*values) for name, values in fields.items()}
            for source, fields in data["fields"].items()
        },
        checks=tuple(Check(*values) for values in data["checks"]),
        portrait=base64.b64decode(data["portrait"]) if data["portrait"] else None,
        sha256=data["sha256"],
    )
