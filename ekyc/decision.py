"""Evidence in, accept / review / reject out. Pure.

Deterministic contradictions reject; statistical doubts go to an officer. Reasons of a rejection are
codes of ``ekyc.errors``, reasons of a review are ``REVIEW_REASONS``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from ekyc.decision_chip import CHIP_REVIEW_REASONS, ChipEvidence, chip_findings, earns_level
from ekyc.policy import FacePolicy, Policy
from ekyc.registry.person import Person
from ekyc.types import Check, Decision, DocumentReading, Field, Verdict

REVIEW_REASONS = (
    "document_doubtful",  # a check of the card failed that an honest card may fail too
    "fields_unread",  # a field that the registry has to confirm was not read
    "fields_unconfirmed",  # a field read from print alone differs from the registry
    "card_not_current",  # other dates of issue or expiry than the registry's card
    "face_doubtful",  # between alike and different
    "portrait_unavailable",  # the card's or the registry's portrait could not be compared
    "portraits_differ",  # the card's portrait is not like the registry's
    "liveness_suspicious",  # earlier attempts showed another person or old pictures, or were too many
    *CHIP_REVIEW_REASONS,
)
_SUSPICIOUS = ("liveness_person_changed", "liveness_frames_reused")
_CARD_REASON = {"expired": "card_expired", "cancelled": "card_cancelled", "replaced": "card_replaced"}
_SURE = 0.95  # a field read from print alone counts as certain from here
_CARD_DATES = ("date_of_issue", "date_of_expiry")


@dataclass(frozen=True, slots=True)
class FaceEvidence:
    """Distances of the live face (mean of several frames) to each reference, None where unavailable.

    card_to_registry: the printed portrait against the registry's, one photo against one.
    """

    to_card: float | None
    to_registry: float | None
    card_to_registry: float | None = None
    to_chip: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a decision looks at.

    person: the registry's record, None where ``registry_code`` says why there is none.
    matches: registry answer per field, see ``ports.Registry.match``.
    liveness: error code of the last attempt, None when it was passed; earlier_failures: of those before.
    recent_failures: face steps that failed for this number lately, in any verification.
    record: engine names, content hashes and the like, kept with the decision.
    """

    document: DocumentReading
    person: Person | None
    registry_code: str | None
    matches: dict[str, bool]
    face: FaceEvidence
    liveness: str | None
    earlier_failures: tuple[str, ...]
    today: date
    record: dict[str, Any] = field(default_factory=dict)
    recent_failures: int = 0
    chip: ChipEvidence | None = None


@dataclass(frozen=True, slots=True)
class _Finding:
    """One check and what it means: "reject" and "review" come with a reason."""

    check: Check
    weight: Literal["none", "review", "reject"] = "none"
    reason: str = ""


def decide(evidence: Evidence, policy: Policy) -> Decision:
    """Weigh all findings; every one is listed, the worst one decides."""
    findings = [
        *_document(evidence.document),
        *_registry(evidence),
        *_person(evidence, policy),
        *_face(evidence.face, policy.face),
        *_liveness(evidence, policy),
        *_chip(evidence, policy),
    ]
    verdict: Verdict = "accept"
    for weight in ("review", "reject"):
        if any(finding.weight == weight for finding in findings):
            verdict = weight
    reasons = tuple(dict.fromkeys(f.reason for f in findings if verdict != "accept" and f.weight == verdict))
    checks = tuple(finding.check for finding in findings)
    level = _level(evidence, policy) if verdict == "accept" else 0
    record = _record(evidence, policy)
    if "face_mismatch" in reasons:
        # a stranger with a made-up card must not learn what else the registry says
        record["other_reasons"] = [reason for reason in reasons if reason != "face_mismatch"]
        reasons = ("face_mismatch",)
    return Decision(verdict, level, reasons, checks, record)


def age(born: date, today: date) -> int:
    """Whole years; someone born on 29 February has the birthday on 1 March in other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _document(reading: DocumentReading) -> list[_Finding]:
    return [
        _Finding(check, "review", "document_doubtful") if _is_doubtful(check) else _Finding(check)
        for check in reading.checks
    ]


def _is_doubtful(check: Check) -> bool:
    """A failed check, or a back that nothing ties to its front."""
    return check.outcome == "fail" or (check.name == "sides_belong_together" and check.outcome != "pass")


def _registry(evidence: Evidence) -> list[_Finding]:
    if evidence.registry_code or evidence.person is None:
        return [_reject("registry_record", evidence.registry_code or "number_unknown")]
    found = [_Finding(Check("registry_record", "pass"))]
    for name in ("date_of_birth", "sex"):
        found.append(_field(name, evidence))
    found.append(_name(evidence))
    found.extend(_card_date(name, evidence) for name in _CARD_DATES if name in evidence.matches)
    return found


def _field(name: str, evidence: Evidence) -> _Finding:
    check = f"registry_{name}"
    if name not in evidence.matches:
        return _Finding(Check(check, "unavailable", "not read from the card"), "review", "fields_unread")
    if evidence.matches[name]:
        return _Finding(Check(check, "pass"))
    return _differs(check, evidence.document.fields.get(name))


def _name(evidence: Evidence) -> _Finding:
    same, alike = evidence.matches.get("full_name"), evidence.matches.get("full_name_unaccented")
    if same is None and alike is None:
        return _Finding(
            Check("registry_full_name", "unavailable", "not read from the card"), "review", "fields_unread"
        )
    if same:
        return _Finding(Check("registry_full_name", "pass"))
    if alike:
        return _Finding(
            Check("registry_full_name", "pass", "only marks differ; the registry's spelling counts")
        )
    return _differs("registry_full_name", evidence.document.fields.get("full_name"))


def _differs(check: str, read: Field | None) -> _Finding:
    """Print alone may have been misread; the QR code and the MRZ carry their own check digits."""
    coded = read is not None and ("qr" in read.source or "mrz" in read.source)
    if coded or (read is not None and read.confidence >= _SURE):
        return _reject(check, "registry_mismatch")
    return _Finding(Check(check, "fail", "read from print alone"), "review", "fields_unconfirmed")


def _card_date(name: str, evidence: Evidence) -> _Finding:
    check = f"registry_{name}"
    if evidence.matches[name]:
        return _Finding(Check(check, "pass"))
    read = evidence.document.fields.get(name)
    if name == "date_of_issue" and read is not None and _is_older(read, evidence.person):
        return _reject(check, "card_replaced")
    return _Finding(Check(check, "fail"), "review", "card_not_current")


def _is_older(read: Field, person: Person | None) -> bool:
    """Does the registry know a card issued later than the one shown? Only the QR code is trusted here."""
    if person is None or not read.value or "qr" not in read.source:
        return False
    return read.value < person.card.date_of_issue.isoformat()


def _person(evidence: Evidence, policy: Policy) -> list[_Finding]:
    person = evidence.person
    if person is None:
        return []
    alive = _Finding(Check("person_alive", "pass"))
    if person.life_status == "deceased":
        alive = _reject("person_alive", "person_deceased")
    card = _Finding(Check("card_status", "pass"))
    if person.card.status != "valid":
        card = _reject("card_status", _CARD_REASON[person.card.status])
    old_enough = _Finding(Check("age", "pass"))
    if age(person.date_of_birth, evidence.today) < policy.minimum_age:
        old_enough = _reject("age", "person_under_age")
    return [alive, card, old_enough]


def _face(face: FaceEvidence, policy: FacePolicy) -> list[_Finding]:
    distances = [d for d in (face.to_card, face.to_registry) if d is not None]
    # the registry's portrait is the authority: next to it a card that differs is doubtful, not decisive
    known = face.to_registry is not None and face.to_registry <= policy.accept_one_reference
    findings = [
        _reference("face_to_card", face.to_card, policy, decisive=not known),
        _reference("face_to_registry", face.to_registry, policy, decisive=True),
    ]
    if face.card_to_registry is not None:
        alike = face.card_to_registry <= policy.single_shot
        check = Check("card_portrait_to_registry", "pass" if alike else "fail")
        findings.append(_Finding(check) if alike else _Finding(check, "review", "portraits_differ"))
    if distances:
        findings.append(_mean(sum(distances) / len(distances), len(distances), policy))
    return findings


def _reference(check: str, distance: float | None, policy: FacePolicy, *, decisive: bool) -> _Finding:
    """One portrait alone never accepts, but a stranger's refuses: a good mean must not hide it."""
    if distance is None:
        return _Finding(Check(check, "unavailable"), "review", "portrait_unavailable")
    detail = f"distance {distance:.3f}"
    if check == "face_to_registry" and policy.accept_one_reference < distance <= policy.review_up_to:
        # a card can be forged to look like its holder: the mean may not make up for this one
        return _Finding(Check(check, "fail", detail), "review", "face_doubtful")
    if distance <= policy.review_up_to:
        return _Finding(Check(check, "pass", detail))
    if decisive:
        return _reject(check, "face_mismatch", detail)
    return _Finding(Check(check, "fail", detail), "review", "portraits_differ")


def _mean(mean: float, references: int, policy: FacePolicy) -> _Finding:
    limit = policy.accept_two_references if references > 1 else policy.accept_one_reference
    detail = f"mean distance {mean:.3f} to {references}, accepted up to {limit:.3f}"
    if mean <= limit:
        return _Finding(Check("face", "pass", detail))
    if mean <= policy.review_up_to:
        return _Finding(Check("face", "fail", detail), "review", "face_doubtful")
    return _reject("face", "face_mismatch", detail)


def _liveness(evidence: Evidence, policy: Policy) -> list[_Finding]:
    if evidence.liveness is not None:
        return [_reject("liveness", evidence.liveness)]
    suspicious = [code for code in evidence.earlier_failures if code in _SUSPICIOUS]
    if suspicious or evidence.recent_failures > policy.max_failures:
        detail = f"earlier attempts: {', '.join(suspicious)}; {evidence.recent_failures} failed lately"
        return [_Finding(Check("liveness", "pass", detail), "review", "liveness_suspicious")]
    return [_Finding(Check("liveness", "pass"))]


def _chip(evidence: Evidence, policy: Policy) -> list[_Finding]:
    if evidence.chip is None:
        return []
    found = chip_findings(evidence.chip, evidence.face.to_chip, policy.face)
    return [_Finding(check, weight, reason) for check, weight, reason in found]


def _level(evidence: Evidence, policy: Policy) -> int:
    face = evidence.face
    if earns_level(evidence.chip, face.to_chip, face.to_registry, policy.face):
        return policy.chip.level
    return policy.level


def _reject(check: str, code: str, detail: str = "") -> _Finding:
    return _Finding(Check(check, "fail", detail), "reject", code)


def _record(evidence: Evidence, policy: Policy) -> dict[str, Any]:
    face = evidence.face
    distances = {
        "to_card": face.to_card,
        "to_registry": face.to_registry,
        "card_to_registry": face.card_to_registry,
        "to_chip": face.to_chip,
    }
    rounded = {name: None if d is None else round(d, 4) for name, d in distances.items()}
    limits = {
        "accept_two_references": policy.face.accept_two_references,
        "accept_one_reference": policy.face.accept_one_reference,
        "review_up_to": policy.face.review_up_to,
        "single_shot": policy.face.single_shot,
        "minimum_age": policy.minimum_age,
        "chip_accepts_sha1": policy.chip.accept_sha1,
    }
    return {**evidence.record, "distances": rounded, "thresholds": limits}
