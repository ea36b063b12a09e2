"""The verdict: every finding is listed, the worst one decides.

Deterministic contradictions reject; statistical doubts go to an officer. Reasons of a rejection are
codes of ``ekyc.errors``, reasons of a review are ``REVIEW_REASONS``.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ekyc.decision.chip import CHIP_REVIEW_REASONS, chip_findings, earns_level
from ekyc.decision.document import document_findings
from ekyc.decision.duplicates import duplicate_findings
from ekyc.decision.evidence import Evidence
from ekyc.decision.face import face_findings
from ekyc.decision.facts import Facts, facts_of
from ekyc.decision.finding import Finding
from ekyc.decision.liveness import liveness_finding
from ekyc.decision.registry import holder_findings, registry_findings
from ekyc.policy import Policy
from ekyc.types import Decision, Verdict

REVIEW_REASONS = (
    "document_doubtful",  # a check of the card failed that an honest card may fail too
    "fields_unread",  # a field that the registry has to confirm was not read
    "fields_unconfirmed",  # a field read from print alone differs from the registry
    "card_not_current",  # other dates of issue or expiry than the registry's card
    "face_doubtful",  # between alike and different
    "portrait_unavailable",  # the card's or the registry's portrait could not be compared
    "face_enrolled_elsewhere",  # a face that is enrolled under another number is too near
    "portraits_differ",  # the card's portrait is not like the registry's
    "liveness_suspicious",  # earlier attempts showed another person or old pictures, or were too many
    "liveness_assisted",  # an officer stood beside somebody who cannot do the movements
    *CHIP_REVIEW_REASONS,
)


def decide(evidence: Evidence, policy: Policy) -> Decision:
    """Weigh the facts of the evidence; the decision keeps them with the thresholds of the day."""
    facts = facts_of(evidence)
    decision = weigh(facts, policy)
    decision.evidence.update(_record(evidence, policy), facts=facts.to_json())
    return decision


def findings_of(facts: Facts, policy: Policy) -> list[Finding]:
    """Every rule and what it found, in the order of the evidence."""
    return [
        *document_findings(facts),
        *registry_findings(facts),
        *holder_findings(facts.holder, policy.minimum_age),
        *face_findings(facts.face, policy.face.limits, chip_vouched=_vouched(facts)),
        *duplicate_findings(facts.duplicates),
        liveness_finding(facts, policy.max_failures),
        *(chip_findings(facts.chip, facts.face.to_chip, policy.face.limits) if facts.chip else ()),
    ]


def weigh(facts: Facts, policy: Policy) -> Decision:
    """The same facts under the same policy always give the same verdict."""
    findings = findings_of(facts, policy)
    verdict = _worst(findings)
    reasons = tuple(dict.fromkeys(f.reason for f in findings if verdict != "accept" and f.weight == verdict))
    evidence: dict[str, Any] = {}
    if "face_mismatch" in reasons:
        # a stranger with a made-up card must not learn what else the registry says
        evidence["other_reasons"] = [reason for reason in reasons if reason != "face_mismatch"]
        reasons = ("face_mismatch",)
    level = _level(facts, policy) if verdict == "accept" else 0
    return Decision(verdict, level, reasons, tuple(finding.check for finding in findings), evidence)


def _vouched(facts: Facts) -> bool:
    return facts.chip is not None and facts.chip.trust == "verified"


def _worst(findings: list[Finding]) -> Verdict:
    weights = {finding.weight for finding in findings}
    if "reject" in weights:
        return "reject"
    return "review" if "review" in weights else "accept"


def _level(facts: Facts, policy: Policy) -> int:
    face = facts.face
    if earns_level(facts.chip, face.to_chip, face.to_registry, policy.face.limits):
        return policy.chip.level
    return policy.level


def _record(evidence: Evidence, policy: Policy) -> dict[str, Any]:
    rounded = {name: None if d is None else round(d, 4) for name, d in asdict(evidence.face).items()}
    limits = {
        **{name: round(limit, 4) for name, limit in asdict(policy.face.limits).items()},
        "minimum_age": policy.minimum_age,
        "chip_accepts_sha1": policy.chip.accept_sha1,
    }
    return {**evidence.record, "distances": rounded, "thresholds": limits}
