"""The live face against the portraits of card, registry and chip."""

from __future__ import annotations

from ekyc.decision.evidence import FaceEvidence
from ekyc.decision.finding import Finding, doubt, passed, reject
from ekyc.policy import FaceLimits


def face_findings(face: FaceEvidence, limits: FaceLimits, *, chip_vouched: bool = False) -> list[Finding]:
    """chip_vouched: an authority stands behind the chip's portrait, so it counts as a third reference."""
    references = (face.to_card, face.to_registry, face.to_chip if chip_vouched else None)
    distances = [d for d in references if d is not None]
    # the registry's portrait is the authority: next to it a card that differs is doubtful, not decisive
    known = face.to_registry is not None and face.to_registry <= limits.accept_one_reference
    findings = [
        _reference("face_to_card", face.to_card, limits, decisive=not known),
        _reference("face_to_registry", face.to_registry, limits, decisive=True),
    ]
    if face.card_to_registry is not None:
        alike = face.card_to_registry <= limits.single_shot
        detail = f"distance {face.card_to_registry:.3f}, alike up to {limits.single_shot:.3f}"
        check = "card_portrait_to_registry"
        findings.append(passed(check, detail) if alike else doubt(check, "portraits_differ", detail))
    if distances:
        findings.append(_mean(sum(distances) / len(distances), len(distances), limits))
    return findings


def _reference(check: str, distance: float | None, limits: FaceLimits, *, decisive: bool) -> Finding:
    """One portrait alone never accepts, but a stranger's refuses: a good mean must not hide it."""
    if distance is None:
        return doubt(check, "portrait_unavailable", outcome="unavailable")
    detail = f"distance {distance:.3f}, refused above {limits.review_up_to:.3f}"
    if check == "face_to_registry" and limits.accept_one_reference < distance <= limits.review_up_to:
        # a card can be forged to look like its holder: the mean may not make up for this one
        limit = f"{detail}, doubted above {limits.accept_one_reference:.3f}"
        return doubt(check, "face_doubtful", limit)
    if distance <= limits.review_up_to:
        return passed(check, detail)
    return reject(check, "face_mismatch", detail) if decisive else doubt(check, "portraits_differ", detail)


def _mean(mean: float, references: int, limits: FaceLimits) -> Finding:
    by_number = limits.accept_one_reference, limits.accept_two_references, limits.accept_three_references
    limit = by_number[references - 1]
    detail = f"mean distance {mean:.3f} to {references}, accepted up to {limit:.3f}"
    if mean <= limit:
        return passed("face", detail)
    if mean <= limits.review_up_to:
        return doubt("face", "face_doubtful", detail)
    return reject("face", "face_mismatch", detail)
