"""Rules that every honest card keeps, each one a named Check. They show consistency, not authenticity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations

from ekyc.document.text import distance, fold, same_text
from ekyc.errors import EkycError
from ekyc.registry.expiry import add_years, expected_expiry
from ekyc.registry.number import PersonalNumber
from ekyc.types import Check, DocumentType, Field, Outcome, SideReading

BARCODE_CARD_FROM = date(2016, 1, 1)  # Law on Citizen Identification 59/2014/QH13
CHIP_CARD_FROM = date(2021, 1, 23)  # Thông tư 06/2021/TT-BCA
CAN_CUOC_FROM = date(2024, 7, 1)  # Law 26/2023/QH15
_ISSUED: dict[str, tuple[date, date]] = {
    DocumentType.CCCD_BARCODE: (BARCODE_CARD_FROM, CHIP_CARD_FROM),
    DocumentType.CCCD_CHIP: (CHIP_CARD_FROM, CAN_CUOC_FROM),
    DocumentType.CAN_CUOC: (CAN_CUOC_FROM, date.max),
}
SURE = 0.85  # a reading below this neither confirms nor contradicts
_COMPARED = ("number", "full_name", "date_of_birth", "sex", "date_of_issue", "date_of_expiry")

Sources = Mapping[str, Mapping[str, Field]]
Fields = Mapping[str, Field]


def cross_checks(sides: Sequence[SideReading], sources: Sources, fields: Fields) -> tuple[Check, ...]:
    """All rules over the readings of one or two sides and their fused fields."""
    return (
        *(check for side in sides for check in side.checks),
        *number_checks(fields),
        *(agreement(name, sources) for name in _COMPARED),
        expiry_rule(fields),
        issue_date_fits_type(fields),
        age_at_issue(fields),
        sides_belong_together(sides),
    )


def not_expired(fields: Fields, today: date) -> Check:
    """The card is still good on ``today``. "Không thời hạn" never ends."""
    expiry = fields["date_of_expiry"]
    if expiry.source == "none":
        return Check("not_expired", "unavailable", "expiry not read")
    if expiry.value is None:
        return Check("not_expired", "pass", "no expiry")
    return _verdict("not_expired", date.fromisoformat(expiry.value) >= today)


def number_checks(fields: Fields) -> tuple[Check, ...]:
    """Nghị định 137/2015, Article 13: province, century and sex, year. The number has no check digit."""
    text, birth, sex = (fields[name].value for name in ("number", "date_of_birth", "sex"))
    names = ("number_structure", "number_province", "number_birth_year", "number_sex")
    if text is None:
        return tuple(Check(name, "unavailable") for name in names)
    try:
        number = PersonalNumber.parse(text)
    except EkycError:
        return (Check(names[0], "fail"), *(Check(name, "unavailable") for name in names[1:]))
    province = (
        Check(names[1], "pass") if number.province_known else Check(names[1], "unavailable", "unknown code")
    )
    year = (
        _verdict(names[2], number.year_agrees(date.fromisoformat(birth)))
        if birth
        else Check(names[2], "unavailable")
    )
    same_sex = _verdict(names[3], number.sex == sex) if sex else Check(names[3], "unavailable")
    return Check(names[0], "pass"), province, year, same_sex


def agreement(name: str, sources: Sources) -> Check:
    """QR, zone and print say the same. Two sources that differ fail it, unless one is a doubtful reading."""
    check = f"{name}_agrees"
    read = {source: fields[name] for source, fields in sources.items() if name in fields}
    if len(read) < 2:
        return Check(check, "unavailable", f"{len(read)} source")
    differing = [
        (a, b)
        for a, b in combinations(sorted(read), 2)
        if not agree(name, (a, read[a].value), (b, read[b].value))
    ]
    if not differing:
        return Check(check, "pass", "+".join(sorted(read)))
    clear = [pair for pair in differing if _clearly(name, [(source, read[source]) for source in pair])]
    pairs = ", ".join(f"{a}/{b}" for a, b in clear or differing)
    return Check(check, "fail", pairs) if clear else Check(check, "unavailable", f"doubtful print: {pairs}")


def agree(name: str, one: tuple[str, str | None], other: tuple[str, str | None]) -> bool:
    """Two (source, value) readings of one field say the same, each in what it can hold."""
    (source_a, a), (source_b, b) = one, other
    if a is None or b is None:
        return a is b
    if name != "full_name":
        return a == b
    if "mrz" in (source_a, source_b):
        zone, full = (a, b) if source_a == "mrz" else (b, a)
        folded = fold(full)
        # a long name is cut at the end of the line
        return folded == zone or (len(zone) >= 27 and folded.startswith(zone))
    return same_text(a, b)


def _clearly(name: str, pair: Sequence[tuple[str, Field]]) -> bool:
    """Both readings are sure. A name must differ in letters: tone marks alone may be misread."""
    if min(field.confidence for _, field in pair) < SURE:
        return False
    if name != "full_name":
        return True
    a, b = (fold(field.value or "") for _, field in pair)
    return distance(a, b) > (1 if min(field.confidence for _, field in pair) < 0.95 else 0)


def expiry_rule(fields: Fields) -> Check:
    """The date of expiry is the one that the law gives for this birthday and date of issue."""
    birth, issue, expiry = (fields[n] for n in ("date_of_birth", "date_of_issue", "date_of_expiry"))
    if not birth.value or not issue.value or expiry.source == "none":
        return Check("expiry_rule", "unavailable")
    born = date.fromisoformat(birth.value)
    expected = expected_expiry(born, date.fromisoformat(issue.value))
    if expected is None or expiry.value is None:
        return _verdict("expiry_rule", expected is None and expiry.value is None)
    # born on 29 February: the law does not say which neighbour counts
    slack = timedelta(days=1 if (born.month, born.day) == (2, 29) else 0)
    return _verdict("expiry_rule", abs(date.fromisoformat(expiry.value) - expected) <= slack)


def issue_date_fits_type(fields: Fields) -> Check:
    """Barcode cards were issued from 2016 to 2021-01-22, chip cards to 2024-06-30, the 2024 card since."""
    issue = fields["date_of_issue"].value
    if not issue:
        return Check("issue_date_fits_type", "unavailable")
    first, after = _ISSUED.get(fields["document_type"].value or "", (BARCODE_CARD_FROM, date.max))
    return _verdict("issue_date_fits_type", first <= date.fromisoformat(issue) < after)


def age_at_issue(fields: Fields) -> Check:
    """A citizen card needs fourteen years of age; the 2024 card none, but not before birth."""
    birth, issue = fields["date_of_birth"].value, fields["date_of_issue"].value
    if not birth or not issue:
        return Check("age_at_issue", "unavailable")
    least = 0 if fields["document_type"].value == DocumentType.CAN_CUOC else 14
    return _verdict("age_at_issue", add_years(date.fromisoformat(birth), least) <= date.fromisoformat(issue))


def sides_belong_together(sides: Sequence[SideReading]) -> Check:
    """Front and back are of one type and carry one number."""
    if len(sides) < 2:
        return Check("sides_belong_together", "unavailable", "one side")
    front, back = sides
    if front.document_type != back.document_type:
        return Check("sides_belong_together", "fail", "type")
    a, b = best_number(front), best_number(back)
    if a is None or b is None:
        return Check("sides_belong_together", "unavailable", "number not read on both")
    if a.value == b.value:
        return Check("sides_belong_together", "pass")
    doubtful = min(a.confidence, b.confidence) < SURE
    return Check("sides_belong_together", "unavailable" if doubtful else "fail", "number")


def best_number(side: SideReading) -> Field | None:
    """The side's number from its most trusted source."""
    for source in ("qr", "mrz", "print"):
        found = side.fields.get(source, {}).get("number")
        if found is not None:
            return found
    return None


def _verdict(name: str, holds: bool) -> Check:
    outcome: Outcome = "pass" if holds else "fail"
    return Check(name, outcome)
