"""Weighs a decision again from what was kept of it, for an officer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ekyc.decision import Facts, findings_of, weigh
from ekyc.decision.finding import Finding
from ekyc.errors import EkycError
from ekyc.image import sha256
from ekyc.policies.file import policy_from_trusted
from ekyc.types import Decision
from ekyc.usecases.record import VerificationStore


@dataclass(frozen=True, slots=True)
class Explanation:
    """stored: what was answered then. again: what the same facts give under the same policy today.

    pictures: of those still kept, is it the very content that was judged?
    """

    id: str
    stored: dict[str, Any]
    again: Decision
    findings: tuple[Finding, ...]
    pictures: dict[str, bool]

    @property
    def agrees(self) -> bool:
        """Same verdict, level and reasons, and nothing exchanged since."""
        same = (self.again.verdict, self.again.level, list(self.again.reasons))
        return same == self._said and all(self.pictures.values())

    def to_json(self) -> dict[str, Any]:
        evidence = self.stored["evidence"]
        kept = ("decided_at", "policy", "engine", "face_engine", "sha256", "distances", "thresholds")
        rules = [
            {**asdict(finding.check), "weight": finding.weight, "reason": finding.reason}
            for finding in self.findings
        ]
        verdict, level, reasons = self._said
        return {
            "id": self.id,
            "verdict": verdict,
            "level": level,
            "reasons": reasons,
            "agrees": self.agrees,
            "again": {"verdict": self.again.verdict, "level": self.again.level},
            "rules": rules,
            "pictures": self.pictures,
            **{name: evidence[name] for name in kept},
        }

    @property
    def _said(self) -> tuple[str, int, list[str]]:
        return self.stored["verdict"], self.stored["level"], self.stored["reasons"]


def explain(store: VerificationStore, verification_id: str) -> Explanation:
    """Raises EkycError: verification_not_found, verification_incomplete (not decided yet)."""
    record = store.load(verification_id)
    if record is None:
        raise EkycError("verification_not_found")
    if record.outcome is None:
        raise EkycError("verification_incomplete")
    evidence = record.outcome["evidence"]
    settings = store.policy(evidence.get("policy", ""))
    if settings is None:
        raise EkycError("verification_not_found", "decided before policies were kept")
    facts, policy = Facts.from_json(evidence["facts"]), policy_from_trusted(settings)
    pictures: dict[str, bool] = {
        kind: sha256(image) == evidence["sha256"].get(kind)
        for kind, image in store.captures(verification_id).items()
    }
    findings = tuple(findings_of(facts, policy))
    return Explanation(record.id, record.outcome, weigh(facts, policy), findings, pictures)
