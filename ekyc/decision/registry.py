"""What the population registry says of the card and its holder."""

from __future__ import annotations

from ekyc.decision.facts import Facts, Holder
from ekyc.decision.finding import Finding, doubt, passed, reject

_CARD_REASON = {"expired": "card_expired", "cancelled": "card_cancelled", "replaced": "card_replaced"}
_SURE = 0.95  # a field read from print alone counts as certain from here
_CARD_DATES = ("date_of_issue", "date_of_expiry")
_NOT_READ = "not read from the card"
_MARKS = "only marks differ; the registry's spelling counts"


def registry_findings(facts: Facts) -> list[Finding]:
    if facts.registry_code or facts.holder is None:
        return [reject("registry_record", facts.registry_code or "number_unknown")]
    return [
        passed("registry_record"),
        *(_field(name, facts) for name in ("date_of_birth", "sex")),
        _name(facts),
        *(_card_date(name, facts, facts.holder) for name in _CARD_DATES if name in facts.matches),
    ]


def holder_findings(holder: Holder | None, minimum_age: int) -> list[Finding]:
    """Alive, with a card that is good, and old enough."""
    if holder is None:
        return []
    alive = holder.life_status == "alive"
    good = holder.card_status == "valid"
    old_enough = holder.age >= minimum_age
    return [
        passed("person_alive") if alive else reject("person_alive", "person_deceased"),
        passed("card_status") if good else reject("card_status", _CARD_REASON[holder.card_status]),
        passed("age") if old_enough else reject("age", "person_under_age"),
    ]


def _field(name: str, facts: Facts) -> Finding:
    check = f"registry_{name}"
    if name not in facts.matches:
        return doubt(check, "fields_unread", _NOT_READ, "unavailable")
    return passed(check) if facts.matches[name] else _differs(name, facts)


def _name(facts: Facts) -> Finding:
    same, alike = facts.matches.get("full_name"), facts.matches.get("full_name_unaccented")
    if same is None and alike is None:
        return doubt("registry_full_name", "fields_unread", _NOT_READ, "unavailable")
    if same or alike:
        return passed("registry_full_name", "" if same else _MARKS)
    return _differs("full_name", facts)


def _differs(name: str, facts: Facts) -> Finding:
    """Print alone may have been misread; the QR code and the MRZ carry their own check digits."""
    check, read = f"registry_{name}", facts.sources.get(name)
    if read is not None and (read.coded or read.confidence >= _SURE):
        return reject(check, "registry_mismatch")
    return doubt(check, "fields_unconfirmed", "read from print alone")


def _card_date(name: str, facts: Facts, holder: Holder) -> Finding:
    check, read = f"registry_{name}", facts.sources.get(name)
    if facts.matches[name]:
        return passed(check)
    in_qr = read is not None and "qr" in read.source  # an older date is trusted in the QR code only
    if name == "date_of_issue" and in_qr and holder.newer_card:
        return reject(check, "card_replaced")
    return doubt(check, "card_not_current")
