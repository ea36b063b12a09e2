"""All that we can say about a citizen's proofing (OpenID Identity Assurance Schema Definition 1.0).

Only checks that were made and passed appear. The personal number is never among it: it has a scope of its
own (``vn_personal_number``).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from idp.domain.claims import acr, all_claims
from idp.domain.models import Account, Proofing

VERIFIED_CLAIMS = (
    "name",
    "family_name",
    "middle_name",
    "given_name",
    "birthdate",
    "gender",
    "nationalities",
    "address",
    "place_of_birth",
)
_ON_CARD = ("name", "family_name", "middle_name", "given_name", "birthdate", "gender", "nationalities")
DOCUMENTS = ("idcard",)
RECORDS = ("population_register",)
METHODS = ("vri", "vcrypt", "vpip", "bvr", "pvp", "pvr")  # and ``biopad`` of our own
_HANOI = timezone(timedelta(hours=7))
_ISSUERS = (  # who issued a card of which time
    (date(2024, 7, 1), "Bộ Công an"),
    (date.min, "Cục Cảnh sát quản lý hành chính về trật tự xã hội"),
)


def trust_framework(issuer: str) -> str:
    """No framework is registered for Viet Nam, so ours is named under the issuer."""
    return f"{issuer}/tf/vn-ekyc"


def liveness_method(issuer: str) -> str:
    """Presentation attack detection has no registered name; identifiers must be collision-resistant."""
    return f"{issuer}/ida/check/biopad"


def build(account: Account, issuer: str) -> dict[str, Any] | None:
    """``{"verification": ..., "claims": ...}``, None for an account without a proofing on record."""
    proofing = account.proofing
    if proofing is None or account.level < 1:
        return None
    claims = {name: v for name, v in all_claims(account).items() if name in VERIFIED_CLAIMS}
    evidence = [_document(account, proofing, issuer, claims), _record(proofing, claims)]
    return {
        "verification": {
            "trust_framework": trust_framework(issuer),
            "assurance_level": acr(account.level),
            "assurance_process": _process(proofing, evidence, issuer),
            "time": moment(proofing.at),
            "verification_process": proofing.transaction,
            "evidence": evidence,
        },
        "claims": claims,
    }


def moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone(_HANOI).isoformat()


def _document(account: Account, proofing: Proofing, issuer: str, claims: dict[str, Any]) -> dict[str, Any]:
    checks = [
        {"check_method": method, "check_id": check_id, "time": moment(proofing.at)}
        for check_id, method in _document_checks(proofing, issuer)
    ]
    person = account.profile
    details: dict[str, Any] = {"type": "idcard"}
    if person.card_issued is not None:
        details["date_of_issuance"] = person.card_issued.isoformat()
        name = next(name for since, name in _ISSUERS if person.card_issued >= since)
        details["issuer"] = {"name": name, "country": "VN", "country_code": "VNM"}
    if person.card_expires is not None:  # a card without a limit ("không thời hạn") has no such member
        details["date_of_expiry"] = person.card_expires.isoformat()
    details["derived_claims"] = {name: claims[name] for name in _ON_CARD if name in claims}
    return {"type": "document", "check_details": checks, "document_details": details}


def _document_checks(proofing: Proofing, issuer: str) -> list[tuple[str, str]]:
    """(check_id, check_method) of the card and of the person holding it."""
    if proofing.procedure == "in-person":
        return [("chk-card", "vpip"), ("chk-person", "pvp")]
    made = [("chk-card", "vri")]
    if "chip_authentic" in proofing.checks:
        made.append(("chk-chip", "vcrypt"))
    if "face" in proofing.checks:
        made.append(("chk-face", "bvr"))
    if "liveness" in proofing.checks:
        made.append(("chk-liveness", liveness_method(issuer)))
    if proofing.reviewed:
        made.append(("chk-person", "pvr"))
    return made


def _record(proofing: Proofing, claims: dict[str, Any]) -> dict[str, Any]:
    source = {"name": "Cơ sở dữ liệu dân cư", "country": "VN", "country_code": "VNM"}
    return {
        "type": "electronic_record",
        "check_details": [{"check_method": "data", "check_id": "chk-register", "time": moment(proofing.at)}],
        "record": {"type": RECORDS[0], "source": source, "derived_claims": dict(claims)},
    }


def _process(proofing: Proofing, evidence: list[dict[str, Any]], issuer: str) -> dict[str, Any]:
    ids = [check["check_id"] for entry in evidence for check in entry["check_details"]]

    def detail(kind: str, *wanted: str) -> dict[str, Any]:
        refs = [{"check_id": check_id} for check_id in ids if check_id in wanted]
        return {"assurance_type": kind, "evidence_ref": refs}

    return {
        "policy": f"{trust_framework(issuer)}/policy/1.0",
        "procedure": proofing.procedure,
        "assurance_details": [
            detail("evidence_validation", "chk-card", "chk-chip", "chk-register"),
            detail("verification", "chk-face", "chk-liveness", "chk-person"),
        ],
    }
