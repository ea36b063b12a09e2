"""What a chip gave: where it comes from, its fields, its portrait. To and from plain JSON types."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Literal

from ekyc.types import Check, Field

Trust = Literal["verified", "integrity_only"]


@dataclass(frozen=True, slots=True)
class ChipReading:
    """A chip that passed; one that fails is an EkycError.

    trust: who stands behind the files. anchored: CSCA certificates are configured at all.
    active: the chip signed our nonce. fields: name -> Field with source "chip". portrait: JPEG.
    protocols: object identifiers of DG14. signer, issuer, sha256: digests of the certificates and files.
    """

    trust: Trust
    anchored: bool
    active: bool
    fields: dict[str, Field]
    checks: tuple[Check, ...]
    portrait: bytes
    protocols: tuple[str, ...]
    digest: str
    signer: str
    issuer: str
    sha256: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """The public shape, without picture."""
        return {
            "outcome": self.trust,
            "active_authentication": self.active,
            "digest": self.digest,
            "signer": self.signer,
            "issuer": self.issuer,
            "protocols": list(self.protocols),
            "fields": {name: field.value for name, field in self.fields.items()},
            "checks": [{"name": c.name, "outcome": c.outcome, "detail": c.detail} for c in self.checks],
        }

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, complete; the portrait is base64."""
        return {
            "trust": self.trust,
            "anchored": self.anchored,
            "active": self.active,
            "fields": {name: [f.value, f.source, f.confidence, f.raw] for name, f in self.fields.items()},
            "checks": [[c.name, c.outcome, c.detail] for c in self.checks],
            "portrait": base64.b64encode(self.portrait).decode("ascii"),
            "protocols": list(self.protocols),
            "digest": self.digest,
            "signer": self.signer,
            "issuer": self.issuer,
            "sha256": self.sha256,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ChipReading:
        """The inverse of ``to_dict``. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            **{
                **data,
                "fields": {name: Field(*values) for name, values in data["fields"].items()},
                "checks": tuple(Check(*values) for values in data["checks"]),
                "portrait": base64.b64decode(data["portrait"]),
                "protocols": tuple(data["protocols"]),
            }
        )
