"""One card to be read, and what a perfect reader answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from ekyc.registry.person import Person

Truth = dict[str, str | None]  # field name -> value; None: the card shows none; missing: not known


@dataclass(frozen=True, slots=True)
class Sample:
    """Photo bytes of both sides; ``back`` None where only a front was taken."""

    name: str
    level: str
    front: bytes
    back: bytes | None
    truth: Truth = field(default_factory=dict)


def truth_of(person: Person) -> Truth:
    """What the person's card shows; a field that its kind does not print is left out."""
    chip = person.card.kind == "cccd_chip"
    expiry = person.card.date_of_expiry
    truth: Truth = {
        "document_type": person.card.kind,
        "number": person.number,
        "full_name": person.full_name.upper(),
        "date_of_birth": person.date_of_birth.isoformat(),
        "sex": person.sex,
        "nationality": person.nationality,
        "place_of_residence": person.place_of_residence,
        "date_of_issue": person.card.date_of_issue.isoformat(),
        "date_of_expiry": expiry.isoformat() if expiry else None,
    }
    return {**truth, "place_of_origin": person.place_of_origin} if chip else truth
