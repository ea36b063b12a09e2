"""The live face against the portraits of card and registry."""

from __future__ import annotations

from ekyc.decision.evidence import FaceEvidence
from ekyc.decision.finding import Finding, doubt, passed, reject
from ekyc.policy import FacePolicy


def face_findings(face: FaceEvidence, policy: FacePolicy) -> list[Finding]:
    distances = [d for d in (face.to_card, face.to_registry) if d is not None]
    # the registry's portrait is the authority: next to it a card that differs is doubtful, not decisive
    known = face.to_registry is not None and face.to_registry <= policy.accept_one_reference
    findings = [
        _reference("face_to_card", face.to_card, policy, decisive=not known),
        _reference("face_to_registry", face.to_registry, policy, decisive=True),
    ]
    if face.card_to_registry is not None:
        alike = face.card_to_registry <= policy.single_shot
        detail = f"distance {face.card_to_registry:.3f}, alike up to {policy.single_shot:.3f}"
        check = "card_portrait_to_registry"
        findings.append(passed(check, detail) if alike else doubt(check, "portraits_differ", detail))
    if distances:
        findings.append(_mean(sum(distances) / len(distances), len(distances), policy))
    return findings


def _reference(check: str, distance: float | None, policy: FacePolicy, *, decisive: bool) -> Finding:
    """One portrait alone never accepts, but a stranger's refuses: a good mean must not hide it."""
    if distance is None:
        return doubt(check, "portrait_unavailable", outcome="unavailable")
    detail = f"distance {distance:.3f}, refused above {policy.review_up_to:.3f}"
    if check == "face_to_registry" and policy.accept_one_reference < distance <= policy.review_up_to:
        # a card can be forged to look like its holder: the mean may not make up for this one
        limit = f"{detail}, doubted above {policy.accept_one_reference:.3f}"
        return doubt(check, "face_doubtful", limit)
    if distance <= policy.review_up_to:
        return passed(check, detail)
    return reject(check, "face_mismatch", detail) if decisive else doubt(check, "portraits_differ", detail)


def _mean(mean: float, references: int, policy: FacePolicy) -> Finding:
    limit = policy.accept_two_references if references > 1 else policy.accept_one_reference
    detail = f"mean distance {mean:.3f} to {references}, accepted up to {limit:.3f}"
    if mean <= limit:
        return passed("face", detail)
    if mean <= policy.review_up_to:
        return doubt("face", "face_doubtful", detail)
    return reject("face", "face_mismatch", detail)
