"""What a chip says about a citizen, weighed for the decision. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ekyc.decision.finding import Finding, doubt, passed, reject
from ekyc.policy import FaceLimits
from ekyc.types import Check

CHIP_REVIEW_REASONS = (
    "chip_unverified",  # read, but no configured authority stands behind it
    "chip_suspicious",  # only readings that looked forged, copied or another card's
)
# what a bad connection between phone and card cannot cause
_FORGED = (
    "chip_group_unsigned",
    "chip_hash_mismatch",
    "chip_signature_invalid",
    "chip_signer_untrusted",
    "chip_signer_revoked",
    "chip_cloned",
    "chip_differs_from_card",
)


@dataclass(frozen=True, slots=True)
class ChipEvidence:
    """trust: of the last reading that passed, None where none did. original: it signed our nonce.

    anchored: CSCA certificates are configured. checks: against the card in the photos.
    failures: codes of the readings that were refused.
    """

    trust: Literal["verified", "integrity_only"] | None = None
    anchored: bool = False
    original: bool = False
    checks: tuple[Check, ...] = ()
    failures: tuple[str, ...] = ()


def chip_findings(chip: ChipEvidence, to_chip: float | None, limits: FaceLimits) -> list[Finding]:
    """to_chip: distance of the live face to the chip's portrait."""
    found: list[Finding] = []
    forged = sorted({code for code in chip.failures if code in _FORGED})
    if forged and not is_proven(chip):
        found.append(doubt("chip_readings", "chip_suspicious", ", ".join(forged)))
    if chip.trust is None:
        return found
    found += [_against_card(check) for check in chip.checks]
    original = Finding(Check("chip_original", "pass" if chip.original else "unavailable"))
    return [*found, _authentic(chip), original, _face(chip, to_chip, limits)]


def is_proven(chip: ChipEvidence | None) -> bool:
    """Issued by a configured authority, and the original."""
    return chip is not None and chip.trust == "verified" and chip.original


def earns_level(
    chip: ChipEvidence | None, to_chip: float | None, to_registry: float | None, limits: FaceLimits
) -> bool:
    """A proven chip, and the live face is the one in it, at the false-match rate of an acceptance."""
    if not is_proven(chip) or to_chip is None or to_chip > limits.review_up_to:
        return False
    if to_registry is None:
        return to_chip <= limits.accept_one_reference
    return (to_chip + to_registry) / 2 <= limits.accept_two_references


def _against_card(check: Check) -> Finding:
    if check.outcome == "fail":
        return Finding(check, "reject", "chip_differs_from_card")
    return Finding(check)


def _authentic(chip: ChipEvidence) -> Finding:
    if chip.trust == "verified":
        return passed("chip_authentic")
    if chip.anchored:
        return doubt("chip_authentic", "chip_unverified", "unknown authority")
    return Finding(Check("chip_authentic", "unavailable", "no authority configured"))


def _face(chip: ChipEvidence, distance: float | None, limits: FaceLimits) -> Finding:
    """A stranger's face refuses where an authority vouches for the portrait, else an officer looks."""
    if distance is None:
        return Finding(Check("face_to_chip", "unavailable"))
    detail = f"distance {distance:.3f}, refused above {limits.review_up_to:.3f}"
    if distance <= limits.review_up_to:
        return passed("face_to_chip", detail)
    if chip.trust == "verified":
        return reject("face_to_chip", "face_mismatch", detail)
    return doubt("face_to_chip", "portraits_differ", detail)
